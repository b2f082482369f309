"""The only place that speaks to Stripe: plain values in and out, cents and the SDK stay inside.

Every function that calls refuses to run inside a transaction, so that no row stays locked while the network
is slow and no rollback forgets what Stripe has done. Calls that write take the idempotency key of the
caller's row.
"""

import functools
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

import requests
import stripe
from django.conf import settings
from stripe.params import BalanceTransactionListParams, EventListParams, PayoutListParams
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

from billing.payments import answers, balance_answers
from billing.payments.answers import Event, RefundAnswer, Session, SessionLine, to_cents
from billing.payments.balance_answers import MovementAnswer, PayoutAnswer
from billing.payments.errors import BadSignature, GatewayRefused, GatewayUnavailable
from members.transactions import refuse_transaction

CURRENCY = "eur"
TIMEOUTS = (3.0, 20.0)  # seconds to connect, to read
RETRIES = 2
TOLERANCE = 300  # seconds a webhook's signature stays good
PAGE = 100
INTENT = ["payment_intent"]
FAILURE = "failure_balance_transaction"


@functools.cache
def _client(key: str, base: str | None) -> stripe.StripeClient:
    stripe.enable_telemetry = False
    session = None
    if base is not None:
        session = requests.Session()
        session.trust_env = False  # a proxy of the environment must not stand before the stand-in
    return stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else None,
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUTS, session=session),
    )


@contextmanager
def _asking() -> Iterator[stripe.StripeClient]:
    """The client, outside any transaction; its errors come out as ours."""
    refuse_transaction()
    try:
        yield _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        # APIError is what the SDK makes of 5xx, of 409 and of an answer it can't read
        raise GatewayUnavailable(str(error)) from error
    except stripe.StripeError as error:
        kind = error.error.type if error.error is not None else ""
        raise GatewayRefused(error.code or kind or "refused", error.user_message or str(error)) from error


def key_is_live() -> bool:
    """Whether our key moves real money: objects and events of the other mode are not ours to believe."""
    return "_live_" in settings.STRIPE_SECRET_KEY


def check_key() -> None:
    """Ask Stripe for something small: raises `GatewayRefused` when our key is not good."""
    with _asking() as client:
        client.v1.checkout.sessions.list({"limit": 1})


def create_customer(*, name: str, email: str, reference: str, idempotency_key: str) -> str:
    """Make a customer at Stripe; its id. `reference` is our own and comes back as metadata."""
    with _asking() as client:
        created = client.v1.customers.create(
            {"name": name, "email": email, "metadata": {"customer": reference}},
            {"idempotency_key": idempotency_key},
        )
    return created.id


def create_session(
    *,
    lines: Sequence[SessionLine],
    customer_id: str | None,
    email: str,
    reference: str,
    payment_reference: str,
    success_url: str,
    cancel_url: str,
    expires_at: datetime,
    language: str,
    idempotency_key: str,
) -> Session:
    """Open a payment page for an order (`reference`: its public id) and an attempt (`payment_reference`).

    Stripe wants 50 cents or more in all and an end 30 minutes to 24 hours away; {CHECKOUT_SESSION_ID} in
    `success_url` becomes the session's id. The same key asks for the same session again.
    """
    ours = {"order": reference, "payment": payment_reference}
    wanted: SessionCreateParams = {
        "mode": "payment",
        "line_items": [_line(line) for line in lines],
        "client_reference_id": reference,
        "metadata": ours,
        "payment_intent_data": {"metadata": ours},
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "locale": "en" if language == "en" else "fr",
        "expand": INTENT,
    }
    if customer_id:
        wanted["customer"] = customer_id
    else:
        wanted["customer_email"] = email
    with _asking() as client:
        created = client.v1.checkout.sessions.create(wanted, {"idempotency_key": idempotency_key})
    return answers.session_from(created.to_dict())


def _line(line: SessionLine) -> SessionCreateParamsLineItem:
    return {
        "quantity": line.quantity,
        "price_data": {
            "currency": CURRENCY,
            "unit_amount": to_cents(line.amount),
            "product_data": {"name": line.label},
        },
    }


def retrieve_session(session_id: str) -> Session:
    """A session as it is now, with the state of its payment intent."""
    with _asking() as client:
        found = client.v1.checkout.sessions.retrieve(session_id, {"expand": INTENT})
    return answers.session_from(found.to_dict())


def expire_session(session_id: str) -> Session:
    """Close a session so that nobody can pay it any more; one that is no longer open is given as it is.

    So the answer may say `complete`: who asks must look at it, the payer may have been faster.
    """
    with _asking() as client:
        try:
            closed = client.v1.checkout.sessions.expire(session_id, {"expand": INTENT})
        except stripe.InvalidRequestError as error:
            if error.http_status != 400:
                raise
            closed = client.v1.checkout.sessions.retrieve(session_id, {"expand": INTENT})
            if closed.status == "open":
                raise
    return answers.session_from(closed.to_dict())


def create_refund(
    *, payment_intent_id: str, amount: Decimal, reference: str, idempotency_key: str
) -> RefundAnswer:
    """Send `amount` euros back; more than is left of the payment is refused."""
    with _asking() as client:
        created = client.v1.refunds.create(
            {
                "payment_intent": payment_intent_id,
                "amount": to_cents(amount),
                "metadata": {"refund": reference},
            },
            {"idempotency_key": idempotency_key},
        )
    return answers.refund_from(created.to_dict())


def retrieve_refund(refund_id: str) -> RefundAnswer:
    """A refund as it is now: it may fail days after it succeeded."""
    with _asking() as client:
        found = client.v1.refunds.retrieve(refund_id)
    return answers.refund_from(found.to_dict())


def retrieve_event(event_id: str) -> Event:
    """An event of the last 30 days."""
    with _asking() as client:
        found = client.v1.events.retrieve(event_id)
    return answers.event_from(found.to_dict(for_json=True))


def list_events(since: datetime, types: Sequence[str]) -> Iterator[Event]:
    """The events of these types (at most 20) since then, newest first, page by page as they are asked for."""
    wanted: EventListParams = {
        "created": {"gte": int(since.timestamp())},
        "types": list(types),
        "limit": PAGE,
    }
    while True:
        with _asking() as client:
            page = client.v1.events.list(wanted)
        yield from (answers.event_from(one.to_dict(for_json=True)) for one in page.data)
        if not page.has_more:
            return
        wanted["starting_after"] = page.data[-1].id


def retrieve_payout(payout_id: str) -> PayoutAnswer:
    """A payout as it is now: it may fail days after it was paid."""
    with _asking() as client:
        found = client.v1.payouts.retrieve(payout_id, {"expand": [FAILURE]})
    return balance_answers.payout_from(found.to_dict(for_json=True))


def list_payouts(since: datetime | None) -> Iterator[PayoutAnswer]:
    """The payouts made since then, or all, newest first, page by page as they are asked for."""
    wanted: PayoutListParams = {"limit": PAGE, "expand": [f"data.{FAILURE}"]}
    if since is not None:
        wanted["created"] = {"gte": int(since.timestamp())}
    while True:
        with _asking() as client:
            page = client.v1.payouts.list(wanted)
        yield from (balance_answers.payout_from(one.to_dict(for_json=True)) for one in page.data)
        if not page.has_more:
            return
        wanted["starting_after"] = page.data[-1].id


def list_movements(payout_id: str) -> Iterator[MovementAnswer]:
    """The movements that a payout holds, newest first; its own, which pays them out, is left out."""
    wanted: BalanceTransactionListParams = {"payout": payout_id, "limit": PAGE, "expand": ["data.source"]}
    while True:
        with _asking() as client:
            page = client.v1.balance_transactions.list(wanted)
        found = (balance_answers.movement_from(one.to_dict(for_json=True)) for one in page.data)
        yield from (one for one in found if one.source_id != payout_id)
        if not page.has_more:
            return
        wanted["starting_after"] = page.data[-1].id


def read_event(raw: bytes, header: str) -> Event:
    """The event of a webhook, once its signature on the raw body is found good; calls nothing.

    Any of our secrets will do (two while they rotate), and the signature may be five minutes old at most.
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(raw, header, secret, TOLERANCE)
        except (stripe.SignatureVerificationError, UnicodeDecodeError):
            continue
        return _event_of(raw)
    raise BadSignature("No secret of ours signed this, or too long ago.")


def _event_of(raw: bytes) -> Event:
    try:
        return answers.event_from(json.loads(raw))
    except (ValueError, KeyError, TypeError) as error:
        raise BadSignature("Signed, but not an event.") from error
