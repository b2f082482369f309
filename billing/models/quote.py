"""A priced offer, in versions: what was sent never changes, and what was accepted can be proved."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.customer import Customer
from billing.models.order import Order
from billing.models.seller import Seller
from billing.models.triggers import changes_to_less_of_who, moves
from billing.money import ZERO, Amounts, VatRow

CONTENT = (
    "seller_id",
    "customer_id",
    "site_code",
    "reference",
    "version",
    "language",
    "valid_until",
    "discount_excl",
    "discount_label",
    "advance_percent",
    "confirmation",
    "terms_id",
    "message",
    "words",
    "total_excl",
    "total_vat",
    "total_incl",
    "sent_at",
)
"""What a quote says: fixed once it is sent."""


def _rows(row: str) -> str:
    return "ROW(" + ", ".join(f"{row}.{name}" for name in CONTENT) + ")"


SENT_AND_CHANGED = pgtrigger.Condition(
    f"OLD.state <> 'draft' AND {_rows('OLD')} IS DISTINCT FROM {_rows('NEW')}"
)


class QuoteQuerySet(models.QuerySet["Quote"]):
    """How far quotes have come."""

    def drafts(self) -> "QuoteQuerySet":
        """Those that nobody was sent yet."""
        return self.filter(state=Quote.State.DRAFT)

    def standing(self) -> "QuoteQuerySet":
        """Those that wait for an answer."""
        return self.filter(state=Quote.State.SENT)

    def sent(self) -> "QuoteQuerySet":
        """Those that were ever sent."""
        return self.filter(sent_at__isnull=False)

    def accepted(self) -> "QuoteQuerySet":
        """Those that bind."""
        return self.filter(state=Quote.State.ACCEPTED)

    def over(self, now: datetime) -> "QuoteQuerySet":
        """Those that waited until their last day was over, the longest first."""
        return self.standing().filter(valid_until__lte=now).order_by("valid_until", "pk")

    def without_file(self) -> "QuoteQuerySet":
        """Those that were sent and have no PDF yet."""
        return self.sent().filter(file=None).order_by("pk")


class Quote(models.Model):
    """A priced offer. One version of a reference stands at a time; the next supersedes it when it is sent."""

    class State(models.TextChoices):
        DRAFT = "draft", _("brouillon")
        SENT = "sent", _("envoyé")
        ACCEPTED = "accepted", _("accepté")
        REFUSED = "refused", _("refusé")
        EXPIRED = "expired", _("expiré")
        WITHDRAWN = "withdrawn", _("retiré")
        SUPERSEDED = "superseded", _("remplacé")

    class Confirmation(models.TextChoices):
        ON_ADVANCE = "on_advance", _("quand l’acompte est versé")
        ON_ACCEPTANCE = "on_acceptance", _("dès l’acceptation")

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="quotes", verbose_name=_("vendeur"))
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="quotes", verbose_name=_("client"))
    site_code = models.SlugField(_("site"), max_length=32, blank=True, db_index=False)
    reference = models.CharField(_("référence"), max_length=12)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.DRAFT)
    valid_until = models.DateTimeField(_("valable jusqu’au"))
    discount_excl = models.DecimalField(_("remise HT"), max_digits=12, decimal_places=2, default=ZERO)
    discount_label = models.CharField(_("raison de la remise"), max_length=120, blank=True)
    advance_percent = models.PositiveSmallIntegerField(_("acompte, en %"), default=30)
    confirmation = models.CharField(
        _("confirmé"), max_length=13, choices=Confirmation, default=Confirmation.ON_ADVANCE
    )
    terms = models.ForeignKey(
        "members.Page",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("conditions"),
    )
    message = models.TextField(_("message"), blank=True)
    words = models.JSONField(_("textes"), default=dict)
    total_excl = models.DecimalField(_("total HT"), max_digits=12, decimal_places=2, default=ZERO)
    total_vat = models.DecimalField(_("TVA"), max_digits=12, decimal_places=2, default=ZERO)
    total_incl = models.DecimalField(_("total TTC"), max_digits=12, decimal_places=2, default=ZERO)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("préparé par"),
    )
    created_at = models.DateTimeField(_("préparé le"))
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    refusal_reason = models.CharField(_("raison du refus"), max_length=500, blank=True)

    accepted_at = models.DateTimeField(_("accepté le"), null=True, blank=True)
    accepted_name = models.CharField(_("accepté par"), max_length=120, blank=True)
    accepted_function = models.CharField(_("en qualité de"), max_length=120, blank=True)
    accepted_ip = models.GenericIPAddressField(_("depuis l’adresse"), null=True, blank=True)
    accepted_agent = models.CharField(_("navigateur"), max_length=300, blank=True)
    purchase_order = models.CharField(
        _("numéro d’engagement"), max_length=50, blank=True, default="", db_default=""
    )
    accepted_buyer = models.JSONField(
        _("acheteur tel qu’accepté"), null=True, blank=True
    )  # words of the customer (Customer.words) as who accepted confirmed them
    accepted_sha256 = models.CharField(_("empreinte de ce qui est accepté"), max_length=64, blank=True)
    advance_order = models.OneToOneField(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quote",
        verbose_name=_("commande d’acompte"),
    )

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("devis")
        verbose_name_plural = _("devis")
        ordering: ClassVar[list[str]] = ["-created_at", "-pk"]
        db_table_comment = "A priced offer in versions, with the proof of its acceptance"
        permissions = [("send_quote", _("Prépare et envoie les devis"))]
        indexes = [
            models.Index(fields=["valid_until"], condition=Q(state="sent"), name="quote_is_over_soon"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference", "version"], name="quote_version_is_one"),
            models.UniqueConstraint(
                fields=["reference"], condition=Q(state="draft"), name="quote_has_one_draft"
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(state__in=["sent", "accepted"]),
                name="one_version_of_a_quote_stands",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft",
                        "sent",
                        "accepted",
                        "refused",
                        "expired",
                        "withdrawn",
                        "superseded",
                    ]
                ),
                name="quote_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(confirmation__in=["on_advance", "on_acceptance"]),
                name="quote_is_confirmed_in_a_known_way",
            ),
            models.CheckConstraint(
                condition=Q(total_incl=F("total_excl") + F("total_vat"), total_excl__gte=0, total_vat__gte=0),
                name="quote_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(advance_percent__lte=100, discount_excl__gte=0, version__gte=1),
                name="quote_asks_for_what_can_be",
            ),
            models.CheckConstraint(
                condition=Q(discount_excl=0) | ~Q(discount_label=""), name="quote_says_why_it_is_less"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "superseded"]) | Q(sent_at__isnull=False),
                name="quote_is_dated_when_sent",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="accepted", accepted_at__isnull=False, accepted_sha256__regex=r"^[0-9a-f]{64}$")
                    & ~Q(accepted_name="")
                )
                | (~Q(state="accepted") & Q(accepted_at=None, accepted_sha256="", advance_order=None)),
                name="accepted_quote_keeps_its_proof",
            ),
        ]
        triggers = [
            moves(
                "state",
                {
                    "draft": ["sent", "superseded"],
                    "sent": ["accepted", "refused", "expired", "withdrawn", "superseded"],
                    "expired": ["superseded"],
                },
            ),
            pgtrigger.Protect(
                name="never_changes_once_sent", operation=pgtrigger.Update, condition=SENT_AND_CHANGED
            ),
            changes_to_less_of_who(
                "keeps_its_proof",
                words="accepted_buyer",
                since="accepted_at",
                customer="OLD.customer_id",
                condition=pgtrigger.Q(old__state="accepted"),
            ),
            pgtrigger.Protect(
                name="is_kept_while_it_stands",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=("sent", "accepted")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it; from the second version on, with its version."""
        return self.reference if self.version == 1 else f"{self.reference}-{self.version}"

    @property
    def buyer(self) -> Customer:
        """Who buys, as its documents will say it: as corrected since, else as accepted, else as it stands.

        To read, never to save.
        """
        correction = self.buyer_corrections.last()
        return self.customer.as_agreed(correction.words if correction else self.accepted_buyer)

    @property
    def total(self) -> Amounts:
        """What it comes to."""
        return Amounts(self.total_excl, self.total_vat, self.total_incl)

    @property
    def last_day(self) -> datetime:
        """An instant of the last day on which it may be accepted."""
        return self.valid_until - timedelta(seconds=1)

    def vat_rows(self) -> list[VatRow]:
        """Its VAT by rate, highest rate first, after the discount."""
        rows: dict[Decimal, Amounts] = {}
        for line in self.lines.all():
            rows[line.vat_rate] = rows.get(line.vat_rate, Amounts(ZERO, ZERO, ZERO)) + line.amounts
        return [VatRow(rate, rows[rate]) for rate in sorted(rows, reverse=True)]

    def can_be_accepted(self, now: datetime) -> bool:
        """Whether its page offers to accept it."""
        return self.state == self.State.SENT and now < self.valid_until
