"""The messages that billing owes, and what each of them says."""

from billing.models import Document, Order, Refund
from members.messages import owing


def owe_invoice(document: Document) -> None:
    """Step: owe the invoice to who pays."""
    owing.owe(
        owing.letter(
            to=document.customer.email,
            language=document.language,
            template="billing/invoice",
            key=f"invoice:{document.pk}",
            attachments=(f"document:{document.pk}",),
            document=document.pk,
        )
    )


def owe_credit_note(document: Document) -> None:
    """Step: owe the credit note to who pays."""
    owing.owe(
        owing.letter(
            to=document.customer.email,
            language=document.language,
            template="billing/credit_note",
            key=f"credit-note:{document.pk}",
            attachments=(f"document:{document.pk}",),
            document=document.pk,
        )
    )


def owe_refunded(refund: Refund) -> None:
    """Step: tell who paid that their money is on its way back."""
    _owe_about(refund, "billing/refunded", "refunded")


def owe_refund_failed(refund: Refund) -> None:
    """Step: tell who paid that their money came back to us, and that we see to it."""
    _owe_about(refund, "billing/refund_failed", "refund-failed")


def _owe_about(refund: Refund, template: str, key: str) -> None:
    customer = refund.payment.order.customer
    owing.owe(
        owing.letter(
            to=customer.email,
            language=customer.language,
            template=template,
            key=f"{key}:{refund.pk}",
            refund=refund.pk,
        )
    )


def owe_payment_refused(order: Order, *, payment_id: int) -> None:
    """Step: tell who pays that their payment did not go through in the end."""
    owing.owe(
        owing.letter(
            to=order.customer.email,
            language=order.customer.language,
            template="billing/payment_refused",
            key=f"payment-refused:{payment_id}",
            order=order.pk,
        )
    )
