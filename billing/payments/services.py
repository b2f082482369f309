"""Paying by card: the row first, then Stripe, then what it answered; repeatable from any point."""

import datetime as dt
import hashlib
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from billing import fulfilment
from billing.errors import (
    AlreadyPaying,
    CardNotOffered,
    HoldEnded,
    InvoicePaid,
    OrderNotOpen,
    PaymentUnavailable,
)
from billing.models import Customer, Document, Order, Payment
from billing.models.payment import PaymentQuerySet
from billing.orders.services import lock
from billing.payments import stripe_gateway as gateway
from billing.payments.answers import Session, SessionLine
from billing.payments.attempts import next_attempt
from billing.payments.errors import GatewayRefused, GatewayUnavailable
from billing.payments.keeping import credit_sum, kept_for
from billing.payments.releasing import release_soon
from members.models import User
from members.transactions import own_transaction

SESSION = dt.timedelta(minutes=40)
"""How long a payment page stays open, from its attempt's start (Stripe's minimum is 30 minutes)."""

SAME_KEY = dt.timedelta(minutes=8)
"""How long an attempt without an answer is asked for again with its key; after that a new one begins."""

GRACE = dt.timedelta(minutes=2)
"""How much longer than the payment page the order is kept."""


def cards_are_offered() -> bool:
    """Whether cards can be taken online here."""
    return settings.STRIPE_SECRET_KEY not in {"", "off"}


def start_checkout(*, order: Order, by: User | None, now: dt.datetime) -> str:
    """Process: give the address of the payment page, the living one if there is one.

    The attempt is written, and the order kept until it ends, before Stripe is asked. When Stripe does not
    answer the order stays and `PaymentUnavailable` is raised: the next click asks again with the same key.
    """
    if not cards_are_offered():
        raise CardNotOffered
    return _address_of(_begin(order, now))


def start_invoice_checkout(*, invoice: Document, by: User | None, now: dt.datetime) -> str:
    """Process: as `start_checkout`, for what is still owed on an invoice of an order that was accepted.

    Raises `InvoicePaid` when nothing is. What comes in beyond what is owed by then is refunded.
    """
    if not cards_are_offered():
        raise CardNotOffered
    return _address_of(_begin_for_invoice(invoice, now))


def _address_of(payment: Payment) -> str:
    """Process: give the address of an attempt's payment page, asked of Stripe the first time."""
    if payment.session_url:
        return payment.session_url
    try:
        session = _ask_for_session(payment)
    except GatewayUnavailable as error:
        raise PaymentUnavailable from error
    except GatewayRefused as error:
        _give_attempt_up(payment)
        raise PaymentUnavailable from error
    return _record(payment, session)


@own_transaction
def _begin(order: Order, now: dt.datetime) -> Payment:
    """Find the living attempt at what is lacking, or write a new one and keep the order until its end."""
    order = lock(order)
    _refuse_unless_payable(order, now)
    left = order.total - credit_sum(kept_for(order))
    living = _resumed(order.payments.living(now).filter(amount=left), now)
    if living:
        return living
    payment = _attempt(order, left, now)
    _keep_until(order, payment.started_at.replace(microsecond=0) + SESSION + GRACE)
    return payment


@own_transaction
def _begin_for_invoice(invoice: Document, now: dt.datetime) -> Payment:
    """Find the living attempt at what is owed now, or write a new one; one at another sum is closed."""
    order = lock(invoice.order)
    left = order.documents.unpaid().filter(pk=invoice.pk).first()
    if left is None:
        raise InvoicePaid
    if order.payments.on_their_way().exists():
        raise AlreadyPaying
    living = _resumed(order.payments.living(now).filter(invoice=left, amount=left.owed), now)
    release_soon(order)
    return living or _attempt(order, left.owed, now, invoice=left)


def _resumed(living: PaymentQuerySet, now: dt.datetime) -> Payment | None:
    """The attempt to go on with, if there is one: its page is known, or may be asked for with its key."""
    last = living.order_by("-attempt").first()
    return last if last and (last.session_url or now < last.started_at + SAME_KEY) else None


def _attempt(order: Order, amount: Decimal, now: dt.datetime, *, invoice: Document | None = None) -> Payment:
    return Payment.objects.create(
        order=order,
        invoice=invoice,
        attempt=next_attempt(order),
        method=Payment.Method.CARD,
        amount=amount,
        started_at=now,
        expires_at=now.replace(microsecond=0) + SESSION,
    )


def _refuse_unless_payable(order: Order, now: dt.datetime) -> None:
    if order.state == Order.State.EXPIRED or (order.expires_at and order.expires_at <= now):
        raise HoldEnded
    if order.state != Order.State.OPEN:
        raise OrderNotOpen
    if order.payments.on_their_way().exists():
        raise AlreadyPaying


def _keep_until(order: Order, until: dt.datetime) -> None:
    """Step: keep the order until then; one that is kept longer already, at the desk or offered, stays so."""
    longer = order.expires_at is not None and order.expires_at > until
    if order.means == Order.Means.DESK and longer:
        return
    order.means = Order.Means.CARD
    if longer:
        order.save(update_fields=["means"])
        return
    order.expires_at = until
    order.save(update_fields=["means", "expires_at"])
    for line in order.lines.order_by("position"):
        fulfilment.handler_of(line).prolong(line, until=until)


def _ask_for_session(payment: Payment) -> Session:
    order, customer = payment.order, payment.order.customer
    customer_id = customer.stripe_id or _ask_for_customer(customer)
    back = settings.PUBLIC_URL + reverse("billing:return", args=[order.public_id])
    return gateway.create_session(
        lines=_session_lines(payment),
        customer_id=customer_id,
        email=customer.email,
        reference=order.public_id,
        payment_reference=str(payment.pk),
        success_url=f"{back}?session={{CHECKOUT_SESSION_ID}}",
        cancel_url=settings.PUBLIC_URL + reverse("billing:pay", args=[order.public_id]),
        expires_at=_ends(payment),
        language=customer.language,
        idempotency_key=payment.idempotency_key,
    )


def _session_lines(payment: Payment) -> list[SessionLine]:
    """What the payment page says: what was ordered, or of what this is the rest."""
    lines = [
        SessionLine(f"{line.label} · {line.detail}" if line.detail else line.label, line.amount_incl)
        for line in payment.order.lines.order_by("position")
    ]
    with translation.override(payment.order.customer.language):
        if payment.invoice is not None:
            return [SessionLine(_("Facture %(number)s") % {"number": payment.invoice}, payment.amount)]
        if payment.amount != payment.order.total:
            return [
                SessionLine(_("Reste à payer\u00a0: %(what)s") % {"what": lines[0].label}, payment.amount)
            ]
    return lines


def _ends(payment: Payment) -> dt.datetime:
    if payment.expires_at is None:
        raise ValueError("A card payment always has an end.")
    return payment.expires_at.astimezone(ZoneInfo("UTC"))


def _ask_for_customer(customer: Customer) -> str:
    """Make the customer at Stripe; the key holds what is said of them, for it bears no other request."""
    said = hashlib.sha256(f"{customer.name}\n{customer.email}".encode()).hexdigest()[:12]
    stripe_id = gateway.create_customer(
        name=customer.name,
        email=customer.email,
        reference=str(customer.pk),
        idempotency_key=f"customer-{customer.pk}-{said}",
    )
    Customer.objects.filter(pk=customer.pk, stripe_id="").update(stripe_id=stripe_id)
    customer.refresh_from_db(fields=["stripe_id"])
    return customer.stripe_id


@own_transaction
def _record(payment: Payment, session: Session) -> str:
    """Record the session; one that came too late for its order is closed again."""
    order = lock(payment.order)
    Payment.objects.filter(pk=payment.pk, session_id="").update(
        session_id=session.id, session_url=session.url or ""
    )
    if order.state != Order.State.OPEN:
        release_soon(order)
    return session.url or ""


@own_transaction
def _give_attempt_up(payment: Payment) -> None:
    """Stripe said no: asking again with this key would change nothing, so the next click is a new attempt."""
    lock(payment.order)
    Payment.objects.filter(pk=payment.pk, state=Payment.State.CREATED, session_id="").update(
        state=Payment.State.FAILED
    )
