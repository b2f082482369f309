"""Who comes, or waits to."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models.visitor import SIZE
from members.keys import new_key

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Whose registrations, and how far they came."""

    def made_by(self, user: "User | AnonymousUser") -> "RegistrationQuerySet":
        """What this person made, signed in."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def active(self) -> "RegistrationQuerySet":
        """Those that hold seats."""
        return self.filter(state__in=Registration.ACTIVE)

    def standing(self) -> "RegistrationQuerySet":
        """Those that hold seats or wait for one."""
        return self.filter(state__in=Registration.STANDING)

    def confirmed(self) -> "RegistrationQuerySet":
        """Those that are sure."""
        return self.filter(state=Registration.State.CONFIRMED)

    def waiting(self) -> "RegistrationQuerySet":
        """The waiting list, in its order: one an event, whatever the ticket."""
        return self.filter(state=Registration.State.WAITING).order_by("queued_at", "pk")

    def overdue(self, now: datetime) -> "RegistrationQuerySet":
        """Holds and offers whose time is up."""
        return self.filter(state=Registration.State.HELD, held_until__lte=now)


class Registration(models.Model):
    """Seats at an event for whoever registered; a held one with `offered_at` is an offer to who waited."""

    class State(models.TextChoices):
        WAITING = "waiting", _("en liste d’attente")
        HELD = "held", _("en option")
        CONFIRMED = "confirmed", _("confirmée")
        EXPIRED = "expired", _("expirée")
        CANCELLED = "cancelled", _("annulée")

    class Source(models.TextChoices):
        WEB = "web", _("en ligne")
        WALK_IN = "walk_in", _("sur place")

    ACTIVE = ("held", "confirmed")
    STANDING = ("waiting", *ACTIVE)

    event = models.ForeignKey(
        "events.Event", models.PROTECT, related_name="registrations", verbose_name=_("événement")
    )
    ticket = models.ForeignKey(
        "events.TicketType", models.PROTECT, related_name="registrations", verbose_name=_("tarif")
    )
    key = models.CharField(_("clé du lien privé"), max_length=40, unique=True, default=new_key)
    customer = models.ForeignKey(
        "billing.Customer",
        models.PROTECT,
        related_name="registrations",
        null=True,
        blank=True,
        verbose_name=_("client"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="registrations",
        null=True,
        blank=True,
        verbose_name=_("compte"),
    )
    name = models.CharField(_("prénom et nom"), max_length=120)
    email = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    seats = models.PositiveSmallIntegerField(_("places"), default=1)
    unit_price = models.DecimalField(
        _("prix d’une place TTC"), max_digits=8, decimal_places=2, default=Decimal("0.00")
    )
    line = models.OneToOneField(
        "billing.OrderLine",
        models.PROTECT,
        related_name="registration",
        null=True,
        blank=True,
        verbose_name=_("ligne de commande"),
    )
    state = models.CharField(_("état"), max_length=9, choices=State)
    source = models.CharField(_("origine"), max_length=7, choices=Source, default=Source.WEB)
    wants_reminder = models.BooleanField(_("rappel la veille"), default=True)
    held_until = models.DateTimeField(_("gardée jusqu’à"), null=True, blank=True)
    created_at = models.DateTimeField(_("faite le"))
    queued_at = models.DateTimeField(_("attend depuis"), null=True, blank=True)
    offered_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(_("version pour les agendas"), default=0)
    erased_at = models.DateTimeField(_("effacée le"), null=True, blank=True)
    visitor = models.BinaryField(_("pseudonyme"), max_length=SIZE, null=True)
    """What stands for whoever came once they are erased (services/visitors.py)."""
    refunded_until = models.DateTimeField(
        _("remboursée jusqu’au"),
        null=True,
        blank=True,
        help_text=_("Ce qui a été convenu à la commande ; le début, si l’événement a été déplacé depuis."),
    )
    form_token = models.CharField(_("jeton du formulaire"), max_length=40, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("inscription")
        verbose_name_plural = _("inscriptions")
        ordering: ClassVar[list[str]] = ["event", "created_at", "pk"]
        db_table_comment = "Seats at an event for whoever registered"
        indexes = [
            models.Index(
                fields=["event", "queued_at"], condition=Q(state="waiting"), name="registration_waits"
            ),
            models.Index(fields=["held_until"], condition=Q(state="held"), name="registration_hold_is_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "held", "confirmed", "expired", "cancelled"]),
                name="registration_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["web", "walk_in"]), name="registration_source_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="held_seat_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(queued_at__isnull=False), name="waiting_has_a_beginning"
            ),
            models.CheckConstraint(condition=Q(seats__gte=1), name="registration_is_for_someone"),
            models.UniqueConstraint(
                fields=["event", "form_token"], condition=~Q(form_token=""), name="a_form_registers_once"
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="registration_price_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(visitor=None) | Q(Exact(Length("visitor"), SIZE), erased_at__isnull=False),
                name="visitor_is_of_who_was_erased",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="registration_moves_along_its_arrows",
                field="state",
                transitions=[
                    ("waiting", "held"),
                    ("waiting", "cancelled"),
                    ("held", "confirmed"),
                    ("held", "expired"),
                    ("held", "cancelled"),
                    ("expired", "confirmed"),
                    ("confirmed", "cancelled"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("inscription effacée"))

    def get_absolute_url(self) -> str:
        """Its private page, which opens to whoever has the link."""
        return reverse("events:registration", args=[self.key])

    @property
    def total(self) -> Decimal:
        """Euros, VAT included, for all its seats."""
        return self.unit_price * self.seats

    @property
    def is_active(self) -> bool:
        """Whether it holds seats."""
        return self.state in self.ACTIVE

    @property
    def is_standing(self) -> bool:
        """Whether it holds seats or waits for one."""
        return self.state in self.STANDING

    @property
    def is_offer(self) -> bool:
        """Whether it waits for who was on the waiting list to accept."""
        return self.state == self.State.HELD and self.offered_at is not None


class Answer(models.Model):
    """What someone answered to a question of the organiser."""

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="answers", verbose_name=_("inscription")
    )
    question = models.ForeignKey(
        "events.Question", models.CASCADE, related_name="answers", verbose_name=_("question")
    )
    text = models.CharField(_("réponse"), max_length=500)

    class Meta:
        verbose_name = _("réponse")
        verbose_name_plural = _("réponses")
        db_table_comment = "What someone answered to a question of the organiser"
        constraints = [
            models.UniqueConstraint(fields=["registration", "question"], name="question_is_answered_once"),
        ]

    def __str__(self) -> str:
        return self.text
