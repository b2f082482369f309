"""What billing's e-mails say, read when they are about to be sent."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from billing.models import Correction, Document, Order, Refund
from members.messages import kinds


def invoice(ids: dict[str, Any]) -> dict[str, Any] | None:
    """An invoice, or a credit note, that goes out by itself."""
    document = (
        Document.objects.with_balance()
        .select_related("seller", "corrects")
        .filter(pk=ids["document"])
        .first()
    )
    if document is None:
        return None
    refunds = list(document.refunds.standing())
    return {
        "document": document,
        "refunded": sum(refund.amount for refund in refunds),
        "correction": Correction.objects.filter(credit_note=document).first(),
        "documents_url": settings.PUBLIC_URL + reverse("billing:documents"),
    }


def refund(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Money that goes back, or could not."""
    row = Refund.objects.select_related("payment__order__seller").filter(pk=ids["refund"]).first()
    return {"refund": row, "order": row.payment.order, "seller": row.payment.order.seller} if row else None


def refunded(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Money that goes back; no longer true once the refund has failed."""
    row = Refund.objects.standing().filter(pk=ids["refund"]).first()
    return refund(ids) if row else None


def payment_refused(ids: dict[str, Any]) -> dict[str, Any] | None:
    """A payment that did not go through."""
    order = Order.objects.select_related("seller").filter(pk=ids["order"]).first()
    return {"order": order, "seller": order.seller} if order else None


def register() -> None:
    """Declare billing's messages."""
    kinds.register("billing/invoice", invoice, label=gettext_lazy("facture"))
    kinds.register("billing/credit_note", invoice, label=gettext_lazy("avoir"))
    kinds.register("billing/refunded", refunded, label=gettext_lazy("remboursement fait"))
    kinds.register("billing/refund_failed", refund, label=gettext_lazy("remboursement échoué"))
    kinds.register("billing/payment_refused", payment_refused, label=gettext_lazy("paiement refusé"))
