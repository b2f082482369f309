"""Attempts to move money: to us, and back."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.order import Order
from billing.models.transfer import Transfer
from billing.models.triggers import moves


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Reads payments in the domain's words."""

    def living(self, now: dt.datetime) -> "PaymentQuerySet":
        """Attempts at Stripe that may still be paid."""
        return self.filter(state=Payment.State.CREATED, expires_at__gt=now)

    def received(self) -> "PaymentQuerySet":
        """Money that came in, given back since or not."""
        return self.filter(state__in=[Payment.State.SUCCEEDED, Payment.State.DISPUTED, Payment.State.WON])

    def unsettled(self) -> "PaymentQuerySet":
        """Received, and not yet turned into an accepted order or a refund."""
        return self.filter(state=Payment.State.SUCCEEDED, settled_at=None)

    def on_their_way(self) -> "PaymentQuerySet":
        """Sent by the payer and not dealt with yet: what they pay keeps its place meanwhile."""
        return self.filter(
            Q(state=Payment.State.PROCESSING) | Q(state=Payment.State.SUCCEEDED, settled_at=None)
        )


class Payment(models.Model):
    """An attempt to move money to a seller. Its row is written before anyone outside is asked."""

    class State(models.TextChoices):
        CREATED = "created", _("commencé")
        PROCESSING = "processing", _("en cours")
        SUCCEEDED = "succeeded", _("reçu")
        FAILED = "failed", _("refusé")
        EXPIRED = "expired", _("expiré")
        DISPUTED = "disputed", _("contesté")
        WON = "won", _("contestation gagnée")
        LOST = "lost", _("contestation perdue")

    class Method(models.TextChoices):
        CARD = "card", _("carte en ligne")
        CASH = "cash", _("espèces")
        TERMINAL = "terminal", _("carte sur place")
        CHEQUE = "cheque", _("chèque")
        TRANSFER = "transfer", _("virement")

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments", verbose_name=_("commande"))
    attempt = models.PositiveSmallIntegerField(_("tentative"))
    method = models.CharField(_("moyen"), max_length=8, choices=Method)
    state = models.CharField(_("état"), max_length=10, choices=State, default=State.CREATED)
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    refunded = models.DecimalField(_("remboursé"), max_digits=12, decimal_places=2, default=0)
    currency = models.CharField(_("monnaie"), max_length=3, default="eur")
    started_at = models.DateTimeField(_("commencé le"))
    expires_at = models.DateTimeField(_("fin de la session"), null=True, blank=True)
    session_id = models.CharField(_("session"), max_length=80, blank=True)
    session_url = models.URLField(_("adresse de paiement"), max_length=800, blank=True)
    released_at = models.DateTimeField(_("session refermée le"), null=True, blank=True)
    intent_id = models.CharField(_("intention"), max_length=80, blank=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("encaissé par"),
    )
    transfer = models.ForeignKey(
        Transfer, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("virement")
    )
    invoice = models.ForeignKey(
        "billing.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checkouts",
        verbose_name=_("facture à régler"),
    )
    succeeded_at = models.DateTimeField(_("reçu le"), null=True, blank=True)
    settled_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    # What `payments.keeping.with_credit()` adds, in euros.
    credit: Decimal

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering: ClassVar[list[str]] = ["-started_at"]
        db_table_comment = "An attempt to move money to a seller"
        constraints = [
            models.UniqueConstraint(fields=["order", "attempt"], name="payment_attempt_has_its_own_number"),
            models.UniqueConstraint(
                fields=["session_id"], condition=~Q(session_id=""), name="session_pays_one_payment"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_of_something"),
            models.CheckConstraint(
                condition=Q(refunded__gte=0, refunded__lte=F("amount")),
                name="payment_is_refunded_at_most_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "created",
                        "processing",
                        "succeeded",
                        "failed",
                        "expired",
                        "disputed",
                        "won",
                        "lost",
                    ]
                ),
                name="payment_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["card", "cash", "terminal", "cheque", "transfer"]),
                name="payment_has_a_known_method",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["created", "processing", "failed", "expired"])
                | Q(succeeded_at__isnull=False),
                name="payment_received_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(transfer=None) | Q(method="transfer"), name="payment_by_transfer_says_so"
            ),
        ]
        indexes = [
            models.Index(
                fields=["succeeded_at"],
                condition=Q(state="succeeded", settled_at=None),
                name="payment_due_to_settle",
            ),
            models.Index(fields=["expires_at"], condition=Q(state="created"), name="payment_due_to_expire"),
            models.Index(fields=["intent_id"], condition=~Q(intent_id=""), name="payment_by_intent"),
        ]
        triggers = [
            moves(
                "state",
                {
                    "created": ["processing", "succeeded", "failed", "expired"],
                    "processing": ["succeeded", "failed", "expired"],
                    "expired": ["succeeded"],
                    "succeeded": ["disputed"],
                    "disputed": ["won", "lost"],
                },
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} · {self.attempt}"

    @property
    def idempotency_key(self) -> str:
        """The same for every try of this attempt, so that it is the same session."""
        return f"payment-{self.pk}-{self.attempt}-{self.order.public_id}"

    @property
    def at_desk(self) -> bool:
        """Whether the money was taken by a person rather than by Stripe."""
        return self.method != self.Method.CARD


class RefundQuerySet(models.QuerySet["Refund"]):
    """Reads refunds in the domain's words."""

    def to_approve(self) -> "RefundQuerySet":
        """Refunds above the limit of their seller that nobody decided on yet."""
        return self.filter(state=Refund.State.REQUESTED, needs_approval=True, decided_at=None)

    def approved(self) -> "RefundQuerySet":
        """Those that may go out: approved, or too small to ask."""
        return self.exclude(needs_approval=True, decided_at=None)

    def due_at(self, now: dt.datetime) -> "RefundQuerySet":
        """Card refunds to ask of Stripe, or to ask after, whose next try has come."""
        return self.approved().filter(
            state__in=[Refund.State.REQUESTED, Refund.State.PENDING],
            payment__method=Payment.Method.CARD,
            next_try_at__lte=now,
        )

    def to_repay_at_desk(self) -> "RefundQuerySet":
        """Refunds that the manager is to hand over."""
        waiting = self.approved().filter(state=Refund.State.REQUESTED)
        return waiting.exclude(payment__method=Payment.Method.CARD)

    def standing(self) -> "RefundQuerySet":
        """Refunds that went out or still may."""
        return self.exclude(state__in=[Refund.State.FAILED, Refund.State.REFUSED])


class Refund(models.Model):
    """An attempt to give money back; another try after a failure is another row."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("demandé")
        PENDING = "pending", _("en cours")
        SUCCEEDED = "succeeded", _("remboursé")
        FAILED = "failed", _("échoué")
        REFUSED = "refused", _("refusé")

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", _("annulation")
        GONE = "gone", _("place prise entre-temps")
        GIVEN_UP = "given_up", _("commande abandonnée")
        DOUBLE = "double", _("payé deux fois")
        OVERPAID = "overpaid", _("trop-perçu")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds", verbose_name=_("paiement"))
    credit_note = models.ForeignKey(
        "billing.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refunds",
        verbose_name=_("avoir"),
    )
    again_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="again",
        verbose_name=_("nouvel essai de"),
    )
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("motif"), max_length=9, choices=Reason)
    state = models.CharField(_("état"), max_length=9, choices=State, default=State.REQUESTED)
    stripe_id = models.CharField(_("identifiant chez Stripe"), max_length=80, blank=True)
    requested_at = models.DateTimeField(_("demandé le"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("demandé par"),
    )
    needs_approval = models.BooleanField(_("à approuver"), default=False, db_default=False)
    decided_at = models.DateTimeField(_("décidé le"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidé par"),
    )
    next_try_at = models.DateTimeField(_("prochain essai"))
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    error = models.CharField(_("erreur"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("remboursement")
        verbose_name_plural = _("remboursements")
        ordering: ClassVar[list[str]] = ["-requested_at"]
        db_table_comment = "An attempt to give a payment, or a part of it, back"
        permissions = [("approve_refund", "Can approve refunds above the limit of their seller")]
        constraints = [
            models.CheckConstraint(
                condition=Q(needs_approval=False) | Q(decided_at__isnull=False) | Q(state__in=["requested"]),
                name="refund_waits_for_approval",
            ),
            models.UniqueConstraint(
                fields=["stripe_id"], condition=~Q(stripe_id=""), name="refund_is_one_of_stripes"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "pending", "succeeded", "failed", "refused"]),
                name="refund_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["cancelled", "gone", "given_up", "double", "overpaid"]),
                name="refund_has_a_known_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["requested", "pending"]), name="refund_due"
            ),
        ]
        triggers = [
            moves(
                "state",
                {
                    "requested": ["pending", "succeeded", "failed", "refused"],
                    "pending": ["succeeded", "failed"],
                    "succeeded": ["failed"],
                },
            )
        ]

    def __str__(self) -> str:
        return f"{self.payment} · {self.amount}"

    @property
    def idempotency_key(self) -> str:
        """The same for every try of this row, so that it is the same refund."""
        return f"refund-{self.pk}-{self.payment.order.public_id}"
