"""What someone with a project asks for, and how far it has come."""

from datetime import date, datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Customer, Quote
from bookings.models.rental import RentalLayout
from bookings.models.rental_quote import RentalQuote, stood
from bookings.period import Period
from members.keys import new_key
from members.periods import PERIODS

LINK_LASTS = timedelta(days=90)
"""How long after the day asked for, or a later one that is offered, the private link still opens."""
KEPT, LOST_KEPT = PERIODS["rental_requests"], PERIODS["rental_requests_lost"]
"""How long after that day it is known who asked, and after a request that came to nothing was closed."""


def reference_in(words: str) -> str:
    """« DV-7K2MM4 » in what was typed for « dv-7k2mm4-2 », the number of a quote's second version."""
    return "-".join(words.strip().upper().split("-")[:2])


class RentalRequestQuerySet(models.QuerySet["RentalRequest"]):
    """How far requests have come."""

    def waiting(self) -> "RentalRequestQuerySet":
        """Those nobody has answered yet, oldest first."""
        return self.filter(state=RentalRequest.State.RECEIVED).order_by("received_at", "pk")

    def to_invoice(self, now: datetime) -> "RentalRequestQuerySet":
        """Those that were won, whose day is over; what was never sure has nothing to invoice."""
        accepted = RentalQuote.objects.filter(
            quote__state=Quote.State.ACCEPTED, options__booking__state="confirmed"
        )
        over = stood(accepted).filter(stood_until__lte=now)
        return self.filter(pk__in=over.values("request"), state=RentalRequest.State.WON)

    def to_follow(self, today: date) -> "RentalRequestQuerySet":
        """Those whose next action was planned for today or before."""
        done, waits = Q(state=RentalRequest.State.DONE), Q(changes__isnull=False, changes__answered_at=None)
        asks = RentalRequest.objects.filter(done & waits)  # its balance was made before the day
        return self.filter(
            Q(state__in=RentalRequest.OPEN) | Q(pk__in=asks.values("pk")), next_action_on__lte=today
        )

    def in_progress(self) -> "RentalRequestQuerySet":
        """Those that may still become a rental, or are one to come."""
        return self.filter(state__in=RentalRequest.OPEN)

    def found_by(self, words: str) -> "RentalRequestQuerySet":
        """By who asks, or by the number of a quote, with or without its version."""
        who = Q(name__icontains=words) | Q(email__icontains=words) | Q(organisation_name__icontains=words)
        quotes = Quote.objects.filter(reference=reference_in(words))
        return self.filter(who | Q(pk__in=quotes.values("rental__request")))

    def to_forget(self, now: datetime) -> "RentalRequestQuerySet":
        """Those whose requester should no longer be known."""
        accepted = RentalQuote.objects.filter(request=OuterRef("pk"), quote__state=Quote.State.ACCEPTED)
        rented_since = stood(accepted).filter(stood_until__gt=now - KEPT)
        of_long_ago = Q(during__endswith__lte=now - KEPT) & ~Exists(rented_since)
        old = of_long_ago | Q(state="lost", closed_at__lte=now - LOST_KEPT)
        return self.filter(old, erased_at=None).order_by("pk")


class RentalRequest(models.Model):
    """A space asked for, by whom, for what and when; `space` is empty where the house is to advise."""

    class State(models.TextChoices):
        RECEIVED = "received", _("reçue")
        QUOTED = "quoted", _("devis envoyé")
        WON = "won", _("acceptée")
        DONE = "done", _("terminée")
        LOST = "lost", _("sans suite")
        CANCELLED = "cancelled", _("annulée")

    class Lost(models.TextChoices):
        NOT_LOST = "", "–"
        WITHDRAWN = "withdrawn", _("retirée par qui demandait")
        TAKEN = "taken", _("date déjà prise")
        PRICE = "price", _("prix")
        ELSEWHERE = "elsewhere", _("trouvé ailleurs")
        SILENT = "silent", _("sans nouvelles")
        DECLINED = "declined", _("refusée par la Cantine")

    OPEN = ("received", "quoted", "won")
    TO_DECIDE = ("received", "quoted")

    key = models.CharField(_("clé du lien privé"), max_length=40, unique=True, default=new_key)
    link_until = models.DateTimeField(_("lien privé jusqu’au"))
    site = models.ForeignKey(
        "bookings.Site", models.PROTECT, related_name="rental_requests", verbose_name=_("site")
    )
    space = models.ForeignKey(
        "bookings.Space",
        models.PROTECT,
        related_name="rental_requests",
        null=True,
        blank=True,
        verbose_name=_("espace"),
    )
    layout = models.CharField(_("disposition"), max_length=9, choices=RentalLayout.Kind, blank=True)
    people = models.PositiveSmallIntegerField(_("personnes"))
    purpose = models.TextField(_("projet"), blank=True)
    during = DateTimeRangeField(_("période"))
    alternatives = ArrayField(
        models.DateField(), default=list, blank=True, size=2, verbose_name=_("autres jours")
    )
    extras = models.ManyToManyField(
        "bookings.RentalExtra", related_name="requests", blank=True, verbose_name=_("suppléments")
    )

    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    email = models.EmailField(_("adresse électronique"), max_length=254, blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)
    buyer = models.CharField(_("loue en tant que"), max_length=11, choices=Customer.Buyer, blank=True)
    language = models.CharField(_("langue"), max_length=2, default="fr")

    state = models.CharField(_("état"), max_length=9, choices=State, default=State.RECEIVED)
    lost_reason = models.CharField(_("raison"), max_length=9, choices=Lost, blank=True, default="")
    next_action = models.CharField(_("prochaine étape"), max_length=200, blank=True)
    next_action_on = models.DateField(_("à faire le"), null=True, blank=True)
    price_excl = models.DecimalField(
        _("prix indicatif HT"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_incl = models.DecimalField(
        _("prix indicatif TTC"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    received_at = models.DateTimeField(_("reçue le"))
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)
    erased_at = models.DateTimeField(_("effacée le"), null=True, blank=True)
    form_token = models.CharField(_("jeton du formulaire"), max_length=40, blank=True)

    objects = RentalRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de location")
        verbose_name_plural = _("demandes de location")
        ordering: ClassVar[list[str]] = ["-received_at", "-pk"]
        db_table_comment = "What someone with a project asks to rent, and how far it has come"
        permissions = [("answer_rentalrequest", _("Répond aux demandes de location"))]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(state="received"), name="rental_request_waits"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "quoted", "won", "done", "lost", "cancelled"]),
                name="rental_request_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    lost_reason__in=[
                        "",
                        "withdrawn",
                        "taken",
                        "price",
                        "elsewhere",
                        "silent",
                        "declined",
                    ]
                ),
                name="rental_request_is_lost_for_a_known_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="lost") & ~Q(lost_reason="") | ~Q(state="lost") & Q(lost_reason=""),
                name="lost_rental_request_says_why",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="rental_request_is_for_someone"),
            models.CheckConstraint(
                condition=Q(layout__in=["", *RentalLayout.Kind.values]), name="rental_layout_is_known"
            ),
            models.CheckConstraint(
                condition=Q(buyer__in=["", "consumer", "business", "association", "public"]),
                name="rental_requester_rents_as_something_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="rental_request_is_for_a_period",
            ),
            models.CheckConstraint(
                condition=Q(price_excl=None, price_incl=None)
                | Q(price_incl__isnull=False, price_excl__gte=0, price_incl__gte=models.F("price_excl")),
                name="rental_price_is_told_with_and_without_vat",
            ),
            models.UniqueConstraint(
                fields=["form_token"], condition=~Q(form_token=""), name="a_form_asks_once"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="rental_request_moves_along_its_arrows",
                field="state",
                transitions=[
                    ("received", "quoted"),
                    ("received", "lost"),
                    ("quoted", "won"),
                    ("quoted", "lost"),
                    ("won", "done"),
                    ("won", "cancelled"),
                    ("done", "cancelled"),  # its balance was made before the day
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.organisation_name or self.name or str(_("demande effacée"))

    def get_absolute_url(self) -> str:
        """Its private page, which opens to whoever has the link."""
        return reverse("bookings:rent_followed", args=[self.key])

    @property
    def period(self) -> Period:
        """From when to when."""
        return Period.of(self.during)

    @property
    def local(self) -> Period:
        """The same, by the site's clocks."""
        return self.period.local(self.site.zone)

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether who asked may still take it back."""
        return self.state in self.TO_DECIDE

    def opens_by_link(self, now: datetime) -> bool:
        """Whether the private link still shows anything."""
        return self.erased_at is None and now < self.link_until
