"""What happened to money, written once: our own chain, Stripe's events, what the manager must look at."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.order import Order
from billing.models.payment import Payment, Refund
from billing.models.seller import Seller
from billing.models.triggers import append_only, is_not_of_a_closed_day


class PaymentChain(models.Model):
    """The end of a seller's chain of payment events: the row that is locked to add one, or to close a day.

    Days up to `closed_on` are closed: what is recorded from then on is of `closed_until` at the earliest.
    """

    seller = models.OneToOneField(Seller, models.PROTECT, related_name="payment_chain")
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    closed_on = models.DateField(null=True)
    closed_until = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "The end of a seller's chain of payment events, and of its closed days"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_until=None)
                | Q(closed_on__isnull=False, closed_until__isnull=False),
                name="closed_day_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seller} · {self.sequence}"


class PaymentEvent(models.Model):
    """Money moved: one link of the seller's chain, hashed, signed, never changed (billing.md §5)."""

    class Kind(models.TextChoices):
        RECEIVED = "payment_succeeded", _("paiement reçu")
        TAKEN = "desk_taking", _("encaissement sur place")
        REFUNDED = "refund_succeeded", _("remboursement")
        REFUND_RETURNED = "refund_failed", _("remboursement revenu")

    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="payment_events", verbose_name=_("vendeur")
    )
    sequence = models.PositiveIntegerField(_("numéro"))
    at = models.DateTimeField(_("date"))
    kind = models.CharField(_("nature"), max_length=20, choices=Kind)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events", verbose_name=_("paiement"))
    refund = models.ForeignKey(
        Refund, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("remboursement")
    )
    method = models.CharField(_("moyen"), max_length=8)
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    vat = models.JSONField(_("ventilation de TVA"), encoder=DjangoJSONEncoder)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opérateur"),
    )
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64, blank=True)
    hash = models.CharField(_("empreinte"), max_length=64)
    signature = models.CharField(_("signature"), max_length=64)

    class Meta:
        verbose_name = _("mouvement d’argent")
        verbose_name_plural = _("mouvements d’argent")
        ordering: ClassVar[list[str]] = ["seller", "sequence"]
        db_table_comment = "Money moved: a link of the seller's chain, never changed"
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "sequence"], name="payment_event_has_its_place_in_the_chain"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["payment_succeeded", "desk_taking", "refund_succeeded", "refund_failed"]
                ),
                name="payment_event_is_of_a_known_kind",
            ),
        ]
        indexes = [models.Index(fields=["seller", "at"], name="payment_event_by_date")]
        triggers = [*append_only(), is_not_of_a_closed_day("at", "closed_until", "<")]

    def __str__(self) -> str:
        return f"{self.seller} · {self.sequence}"


class StripeEventQuerySet(models.QuerySet["StripeEvent"]):
    """Reads the inbox."""

    def due_at(self, now: dt.datetime) -> "StripeEventQuerySet":
        """Events to handle whose (next) try has come."""
        return self.filter(state=StripeEvent.State.RECEIVED, next_try_at__lte=now)


class StripeEvent(models.Model):
    """One event of Stripe's, stored once before it is acted on; safe to handle twice and out of order."""

    class State(models.TextChoices):
        RECEIVED = "received", _("reçu")
        DONE = "done", _("traité")
        FAILED = "failed", _("en échec")

    event_id = models.CharField(_("identifiant"), max_length=80, unique=True)
    kind = models.CharField(_("nature"), max_length=80)
    livemode = models.BooleanField(_("réel"))
    payload = models.JSONField(_("contenu"))
    received_at = models.DateTimeField(_("reçu le"))
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.RECEIVED)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_try_at = models.DateTimeField(_("prochain essai"))
    error = models.CharField(_("erreur"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    objects = StripeEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("événement de Stripe")
        verbose_name_plural = _("événements de Stripe")
        ordering: ClassVar[list[str]] = ["-received_at"]
        db_table_comment = "An event of Stripe's, stored once before it is acted on"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "done", "failed"]), name="stripe_event_has_a_known_state"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="received"), name="stripe_event_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.event_id}"


class AnomalyQuerySet(models.QuerySet["Anomaly"]):
    """Reads what the manager must look at."""

    def open(self) -> "AnomalyQuerySet":
        """Those nobody has dealt with."""
        return self.filter(resolved_at=None)


class Anomaly(models.Model):
    """Something about money that a person must look at; noticed once by its key."""

    class Kind(models.TextChoices):
        MISMATCH = "mismatch", _("le paiement ne correspond pas à la commande")
        REFUND_FAILED = "refund_failed", _("un remboursement a échoué")
        REFUND_REFUSED = "refund_refused", _("un remboursement a été refusé")
        WRONG_MODE = "wrong_mode", _("événement de test reçu en réel, ou l’inverse")
        STUCK = "stuck", _("un événement n’a pas pu être traité")
        BROKEN_CHAIN = "broken_chain", _("une chaîne d’écritures a été modifiée")
        PAYOUT = "payout", _("un versement de Stripe demande votre attention")

    key = models.CharField(_("clé"), max_length=120, unique=True)
    kind = models.CharField(_("nature"), max_length=16, choices=Kind)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="anomalies", verbose_name=_("commande")
    )
    detail = models.CharField(_("précision"), max_length=300, blank=True)
    noticed_at = models.DateTimeField(_("relevée le"))
    resolved_at = models.DateTimeField(_("réglée le"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("réglée par"),
    )

    objects = AnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = _("anomalie")
        verbose_name_plural = _("anomalies")
        ordering: ClassVar[list[str]] = ["-noticed_at"]
        db_table_comment = "Something about money that a person must look at"
        indexes = [
            models.Index(fields=["-noticed_at"], condition=Q(resolved_at=None), name="anomaly_open"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.order or ''}"
