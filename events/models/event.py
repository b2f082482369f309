"""A community event: what it is, when, where, and how far it has come."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bookings.period import Period
from events.models.event_reading import EventQuerySet
from members.keys import new_key  # noqa: F401 - migration 0001 looks for it here
from members.models import User


class Event(models.Model):
    """A community event. Whether it is planned or past is read from its dates."""

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        SUBMITTED = "submitted", _("à relire")
        PUBLISHED = "published", _("publié")
        CANCELLED = "cancelled", _("annulé")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Tout le monde")
        MEMBERS = "members", _("Membres seulement")

    class Where(models.TextChoices):
        ROOM = "room", _("À la Cantine")
        ELSEWHERE = "elsewhere", _("Ailleurs")
        ONLINE = "online", _("En ligne")

    slug = models.SlugField(_("adresse"), max_length=100, unique=True)
    title = models.CharField(_("titre"), max_length=120)
    summary = models.CharField(_("en une phrase"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    language = models.CharField(_("langue"), max_length=2, choices=User.Language, default="fr")
    category = models.ForeignKey(
        "events.Category", models.PROTECT, related_name="events", verbose_name=_("catégorie")
    )
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name=_("mots-clés"))
    audience = models.CharField(_("ouvert à"), max_length=7, choices=Audience, default=Audience.PUBLIC)

    site = models.ForeignKey("bookings.Site", models.PROTECT, related_name="events", verbose_name=_("site"))
    where = models.CharField(_("lieu"), max_length=9, choices=Where, default=Where.ROOM)
    space = models.ForeignKey(
        "bookings.Space",
        models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        verbose_name=_("salle"),
        help_text=_("Celle qui est voulue\u202f; elle est prise à l’envoi."),
    )
    place_name = models.CharField(_("nom du lieu"), max_length=120, blank=True)
    place_address = models.CharField(_("adresse du lieu"), max_length=200, blank=True)
    online_link = models.URLField(_("lien de la visioconférence"), max_length=500, blank=True)

    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    setup_minutes = models.PositiveSmallIntegerField(_("installation (minutes)"), default=30)
    clearing_minutes = models.PositiveSmallIntegerField(_("rangement (minutes)"), default=30)

    picture = models.CharField(_("image"), max_length=200, blank=True)
    picture_small = models.CharField(_("petite image"), max_length=200, blank=True)
    picture_alt = models.CharField(_("ce que montre l’image"), max_length=200, blank=True)
    picture_width = models.PositiveSmallIntegerField(_("largeur de l’image"), null=True, blank=True)
    picture_height = models.PositiveSmallIntegerField(_("hauteur de l’image"), null=True, blank=True)

    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    seats_taken = models.PositiveIntegerField(_("places prises"), default=0)
    has_waiting_list = models.BooleanField(_("liste d’attente"), default=True)
    refund_hours = models.PositiveSmallIntegerField(_("remboursé jusqu’à (heures avant)"), default=24)

    state = models.CharField(_("état"), max_length=9, choices=State, default=State.DRAFT)
    is_proposal = models.BooleanField(_("proposé par un membre"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="events", verbose_name=_("écrit par")
    )
    created_at = models.DateTimeField(_("écrit le"))
    changed_at = models.DateTimeField(_("modifié le"))
    submitted_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)
    visible_from = models.DateTimeField(_("visible à partir du"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    cancel_reason = models.CharField(_("raison de l’annulation"), max_length=200, blank=True)
    sequence = models.PositiveSmallIntegerField(_("version pour les agendas"), default=0)

    thanks = models.TextField(_("mot de remerciement"), blank=True)
    slides_link = models.URLField(_("lien vers les supports"), max_length=500, blank=True)
    thanked_at = models.DateTimeField(_("remerciements envoyés le"), null=True, blank=True)
    erased_at = models.DateTimeField(_("inscriptions effacées le"), null=True, blank=True)

    objects = EventQuerySet.as_manager()

    # What `with_queue()` adds.
    has_queue: bool

    class Meta:
        verbose_name = _("événement")
        verbose_name_plural = _("événements")
        ordering: ClassVar[list[str]] = ["-starts_at"]
        permissions = [
            ("organise_event", _("organise ses événements")),
            ("publish_event", _("publie sans relecture")),
            ("review_event", _("relit et publie les événements des autres")),
        ]
        db_table_comment = "A community event, from its draft to its cancellation"
        indexes = [
            models.Index(fields=["site", "starts_at"], name="event_at_site_begins"),
            models.Index(fields=["ends_at"], condition=Q(erased_at=None), name="event_to_erase"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(seats_taken__lte=F("capacity")),
                name="event_capacity_is_never_passed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "published", "cancelled"]),
                name="event_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["public", "members"]), name="event_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(where__in=["room", "elsewhere", "online"]), name="event_where_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="published_event_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False),
                name="cancelled_event_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_alt=""), name="event_picture_is_described"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="event_moves_along_its_arrows",
                field="state",
                transitions=[
                    ("draft", "submitted"),
                    ("draft", "published"),
                    ("draft", "cancelled"),
                    ("submitted", "draft"),
                    ("submitted", "published"),
                    ("submitted", "cancelled"),
                    ("published", "cancelled"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("events:event", args=[self.slug])

    @property
    def period(self) -> Period:
        """From when to when people come, without setting up and clearing."""
        return Period(self.starts_at, self.ends_at)

    @property
    def local(self) -> Period:
        """The same by the site's clocks."""
        return self.period.local(self.site.zone)

    @property
    def taken_period(self) -> Period:
        """What its room is taken for: setting up and clearing included."""
        return Period(
            self.starts_at - timedelta(minutes=self.setup_minutes),
            self.ends_at + timedelta(minutes=self.clearing_minutes),
        )

    @property
    def refunded_until(self) -> datetime:
        """Until when a seat bought now may be given back for all its money."""
        return self.starts_at - timedelta(hours=self.refund_hours)

    @property
    def seats_left(self) -> int | None:
        """How many places are neither taken nor held; None where they are not counted."""
        return None if self.capacity is None else max(self.capacity - self.seats_taken, 0)

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.state == self.State.CANCELLED

    @property
    def is_published(self) -> bool:
        """Whether it is on, today or from a day on."""
        return self.state == self.State.PUBLISHED

    def is_planned(self, now: datetime) -> bool:
        """Whether it is published for later."""
        return self.is_published and self.visible_from is not None and self.visible_from > now

    def is_over(self, now: datetime) -> bool:
        """Whether it has taken place."""
        return self.ends_at <= now

    @property
    def place_label(self) -> str:
        """Where, in a few words: the room, the place's name, or « En ligne »."""
        if self.where == self.Where.ONLINE:
            return str(_("En ligne"))
        if self.where == self.Where.ELSEWHERE:
            return self.place_name
        return self.space.label if self.space is not None else self.site.place or self.site.name

    @property
    def place_detail(self) -> str:
        """The line under it: place and door of the site, or the address."""
        if self.where == self.Where.ONLINE:
            return str(_("Le lien est envoyé aux personnes inscrites."))
        if self.where == self.Where.ELSEWHERE:
            return self.place_address
        parts: Iterable[str] = (self.site.place or self.site.name, self.site.door)
        return ", ".join(part for part in parts if part)


class EventRoom(models.Model):
    """A room an event has taken: the booking holds it (bookings own every occupancy)."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="rooms", verbose_name=_("événement"))
    booking = models.OneToOneField(
        "bookings.Booking", models.PROTECT, related_name="event_room", verbose_name=_("réservation")
    )

    class Meta:
        verbose_name = _("salle d’un événement")
        verbose_name_plural = _("salles d’événements")
        db_table_comment = "A room an event has taken, by its booking"

    def __str__(self) -> str:
        return f"{self.event_id} · {self.booking_id}"
