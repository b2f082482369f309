"""What Stripe pays to the bank: each payout, and every movement of the balance that is in it."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.payment import Payment, Refund
from billing.models.seller import Seller
from billing.models.triggers import append_only, moves, never_emptied

FACTS = ("seller", "payout_id", "created_at", "recorded_at", "currency", "gross", "fees", "amount")


class PayoutQuerySet(models.QuerySet["Payout"]):
    """Reads payouts in the domain's words."""

    def to_match(self) -> "PayoutQuerySet":
        """Paid, as Stripe says, and not yet found on the bank's statement."""
        return self.filter(state=Payout.State.PAID, matched_at=None)


class Payout(models.Model):
    """A sum that Stripe sends to the bank: what came in, less refunds and fees. Its figures never change."""

    class State(models.TextChoices):
        PENDING = "pending", _("en route")
        PAID = "paid", _("versé")
        FAILED = "failed", _("échoué")

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="payouts", verbose_name=_("vendeur"))
    payout_id = models.CharField(_("identifiant chez Stripe"), max_length=80, unique=True)
    state = models.CharField(_("état"), max_length=7, choices=State)
    currency = models.CharField(_("monnaie"), max_length=3, default="eur")
    gross = models.DecimalField(_("brut"), max_digits=12, decimal_places=2)
    fees = models.DecimalField(_("frais"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("net"), max_digits=12, decimal_places=2)
    created_at = models.DateTimeField(_("créé le"))
    arrived_on = models.DateField(_("arrive en banque le"))
    recorded_at = models.DateTimeField(_("enregistré le"))
    paid_at = models.DateTimeField(_("versement appris le"), null=True, blank=True)
    failed_on = models.DateField(_("échoué le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("échec appris le"), null=True, blank=True)
    failure = models.CharField(_("motif de l’échec"), max_length=80, blank=True)
    matched_on = models.DateField(_("reçu en banque le"), null=True, blank=True)
    matched_amount = models.DecimalField(
        _("montant reçu"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    bank_reference = models.CharField(_("libellé du relevé"), max_length=200, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rapproché par"),
    )
    matched_at = models.DateTimeField(_("rapproché le"), null=True, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        verbose_name = _("versement de Stripe")
        verbose_name_plural = _("versements de Stripe")
        ordering: ClassVar[list[str]] = ["-arrived_on", "-id"]
        db_table_comment = "A sum that Stripe sends to the bank"
        permissions = [("match_payout", "Can match a payout to the bank's statement")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "paid", "failed"]), name="payout_has_a_known_state"
            ),
            models.CheckConstraint(condition=Q(amount=F("gross") - F("fees")), name="payout_is_net_of_fees"),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(failed_on__isnull=False, failed_at__isnull=False),
                name="payout_failed_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(matched_at=None, matched_on=None, matched_amount=None, matched_by=None)
                | Q(
                    matched_at__isnull=False,
                    matched_on__isnull=False,
                    matched_amount__isnull=False,
                    matched_by__isnull=False,
                ),
                name="payout_is_matched_wholly",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-arrived_on"], name="payout_by_date"),
        ]
        triggers = [
            moves("state", {"pending": ["paid", "failed"], "paid": ["failed"]}),
            pgtrigger.ReadOnly(name="facts_never_change", fields=list(FACTS)),
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Delete),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"{self.arrived_on:%Y-%m-%d} · {self.amount}"

    @property
    def difference(self) -> Decimal | None:
        """What the bank received beyond the payout, below zero when it lacks; None before it was matched."""
        return None if self.matched_amount is None else self.matched_amount - self.amount

    @property
    def learned_at(self) -> dt.datetime | None:
        """When it entered the books: paid, or failed where it never was said paid."""
        return self.paid_at or self.failed_at

    @property
    def short_id(self) -> str:
        """The end of its identifier, by which people tell two payouts of a day apart."""
        return self.payout_id[-6:]


class BalanceMovement(models.Model):
    """One movement of the balance at Stripe, paid out with a payout; its gross less its fee is its net."""

    class Kind(models.TextChoices):
        CHARGE = "charge", _("paiement")
        REFUND = "refund", _("remboursement")
        DISPUTE = "dispute", _("contestation")
        FEE = "fee", _("frais")
        RETURNED = "returned", _("versement revenu")
        ADJUSTMENT = "adjustment", _("ajustement")

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="movements", verbose_name=_("versement"))
    transaction_id = models.CharField(_("identifiant chez Stripe"), max_length=80, unique=True)
    kind = models.CharField(_("nature"), max_length=10, choices=Kind)
    reported = models.CharField(_("nature chez Stripe"), max_length=60)
    source_id = models.CharField(_("objet chez Stripe"), max_length=80, blank=True)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="movements", verbose_name=_("paiement")
    )
    refund = models.ForeignKey(
        Refund,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="movements",
        verbose_name=_("remboursement"),
    )
    gross = models.DecimalField(_("brut"), max_digits=12, decimal_places=2)
    fee = models.DecimalField(_("frais"), max_digits=12, decimal_places=2)
    net = models.DecimalField(_("net"), max_digits=12, decimal_places=2)
    at = models.DateTimeField(_("date"))

    class Meta:
        verbose_name = _("mouvement du solde de Stripe")
        verbose_name_plural = _("mouvements du solde de Stripe")
        ordering: ClassVar[list[str]] = ["at", "id"]
        db_table_comment = "A movement of the balance at Stripe that a payout holds, never changed"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["charge", "refund", "dispute", "fee", "returned", "adjustment"]),
                name="balance_movement_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(net=F("gross") - F("fee")), name="balance_movement_is_net_of_its_fee"
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(kind="charge"), name="payment_is_paid_out_once"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.transaction_id} · {self.net}"
