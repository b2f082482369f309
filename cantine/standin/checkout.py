"""Checkout Sessions in payment mode: created, expired, told apart."""

from typing import Any
from urllib.parse import urlsplit

from cantine.standin import events, objects
from cantine.standin.call import Call, whole_number
from cantine.standin.errors import ApiError
from cantine.standin.state import Json

SHORTEST, LONGEST = 30 * 60, 24 * 3600
SMALLEST, LARGEST = 50, 99_999_999  # cents
PARAMETERS = (
    "mode", "line_items", "success_url", "cancel_url", "customer", "customer_email", "client_reference_id",
    "metadata", "expires_at", "locale", "submit_type", "payment_intent_data", "payment_method_types",
)  # fmt: skip


def create(call: Call) -> Json:
    """POST /v1/checkout/sessions."""
    call.only(*PARAMETERS)
    if call.required("mode") != "payment":
        raise ApiError.invalid("This stand-in knows the payment mode only.", param="mode")
    lines = _lines(call)
    amount = sum(line["amount_total"] for line in lines)
    _check_amount(amount)
    session = objects.checkout_session(
        now=call.store.now(),
        expires_at=_expiry(call),
        amount=amount,
        currency=lines[0]["currency"],
        base_url=call.base_url,
        given=_given(call),
    )
    call.store.add(session, private={"intent": call.mapping("payment_intent_data")})
    for line in lines:
        call.store.add(line, parent=session["id"])
    return session


def _given(call: Call) -> Json:
    if call.text("customer") and call.text("customer_email"):
        raise ApiError.invalid(
            "You may only specify one of these parameters: customer, customer_email.", param="customer"
        )
    if customer := call.text("customer"):
        call.object("customer", customer, param="customer")
    names = ("customer", "customer_email", "client_reference_id", "locale", "submit_type")
    given: Json = {name: call.text(name) for name in names}
    given["success_url"] = _address(call.required("success_url"), "success_url")
    given["cancel_url"] = _address(call.text("cancel_url"), "cancel_url")
    given["metadata"] = call.metadata()
    return given


def _address(value: str | None, name: str) -> str | None:
    if value is not None and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc):
        raise ApiError.invalid("Not a valid URL", code="url_invalid", param=name)
    return value


def _check_amount(amount: int) -> None:
    if amount < SMALLEST:
        raise ApiError.invalid(
            "The Checkout Session's total amount due must add up to at least €0.50 eur",
            code="amount_too_small",
        )
    if amount > LARGEST:
        raise ApiError.invalid(
            "The Checkout Session's total amount due must be no more than €999,999.99",
            code="amount_too_large",
        )


def _expiry(call: Call) -> int:
    now = call.store.now()
    asked = call.integer("expires_at")
    if asked is None:
        return now + LONGEST
    if asked < now + SHORTEST:
        raise ApiError.invalid(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if asked > now + LONGEST:
        raise ApiError.invalid(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return asked


def _lines(call: Call) -> list[Json]:
    asked = call.required("line_items")
    if not isinstance(asked, list) or not all(isinstance(one, dict) for one in asked):
        raise ApiError.invalid("Invalid array", param="line_items")
    lines = [_line(call, one, f"line_items[{rank}]") for rank, one in enumerate(asked)]
    if len({line["currency"] for line in lines}) > 1:
        raise ApiError.invalid("All line items must have the same currency.", param="line_items")
    return lines


def _line(call: Call, asked: dict[str, Any], param: str) -> Json:
    data = asked.get("price_data")
    product = data.get("product_data") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(product, dict):
        raise ApiError.invalid("This stand-in needs price_data with product_data.", param=param)
    for holder, name in ((data, "currency"), (data, "unit_amount"), (product, "name")):
        if not holder.get(name):
            raise ApiError.invalid(
                f"Missing required param: {param}[price_data][{name}].", code="parameter_missing", param=param
            )
    unit_amount = whole_number(data["unit_amount"], f"{param}[price_data][unit_amount]")
    quantity = whole_number(asked.get("quantity", "1"), f"{param}[quantity]")
    if unit_amount < 0 or quantity < 1:
        raise ApiError.invalid("Invalid non-negative integer", code="parameter_invalid_integer", param=param)
    return objects.line(
        now=call.store.now(),
        name=product["name"],
        unit_amount=unit_amount,
        quantity=quantity,
        currency=data["currency"].lower(),
    )


def line_items(call: Call, identifier: str) -> list[Json]:
    """The lines of a session, in their order."""
    call.object("checkout.session", identifier, noun="checkout.session")
    return call.store.children(identifier, "item")


def expire(call: Call, identifier: str) -> Json:
    """POST /v1/checkout/sessions/:id/expire."""
    session = call.object("checkout.session", identifier, noun="checkout.session")
    if session["status"] != "open":
        raise ApiError.invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    return _close(call, session)


def expire_due(call: Call) -> int:
    """Close the open sessions whose time is over; the number closed."""
    over = [
        one
        for one in call.store.where("checkout.session", status="open")
        if one["expires_at"] <= call.store.now()
    ]
    for session in over:
        _close(call, session)
    return len(over)


def _close(call: Call, session: Json) -> Json:
    session.update(status="expired", url=None)
    call.store.save(session)
    if session["payment_intent"]:
        intent = call.object("payment_intent", session["payment_intent"])
        intent.update(
            status="canceled", canceled_at=call.store.now(), cancellation_reason="expired", next_action=None
        )
        call.store.save(intent)
        events.emit(call, "payment_intent.canceled", intent)
    events.emit(call, "checkout.session.expired", session)
    return session
