"""Somebody pays on the page: the intent, the charge, the bank's authentication, the session's end."""

from dataclasses import dataclass
from enum import Enum

from cantine.standin import balance, cards, events, money_objects, objects
from cantine.standin.call import Call
from cantine.standin.cards import CARDS, Card, Outcome
from cantine.standin.errors import ApiError
from cantine.standin.state import Json

ASKED = "payment_intent_authentication_failure"
NOT_AUTHENTICATED = Card(
    "", "", outcome=Outcome.DECLINES, code=ASKED, reason=ASKED,
    sentence=f"La banque n’a pas confirmé que c’est vous. {cards.NOTHING_TAKEN}",
)  # fmt: skip


class Result(Enum):
    """What became of a try to pay."""

    PAID = "paid"
    REFUSED = "refused"
    ASKS = "asks"


@dataclass(frozen=True)
class Holder:
    """What the payer typed beside the card's number; expiry as (month, year)."""

    name: str
    email: str
    expiry: tuple[int, int]


def open_session(call: Call, identifier: str) -> Json:
    """The session, refused unless somebody can still pay it."""
    session = call.object("checkout.session", identifier, noun="checkout.session")
    if session["status"] != "open":
        raise ApiError.invalid(f"This Checkout Session has a status of {session['status']}.")
    return session


def pay(call: Call, identifier: str, *, number: str, holder: Holder) -> tuple[Result, Card]:
    """Try a card on an open session, in one transaction."""
    session = open_session(call, identifier)
    card = CARDS.get(number)
    if card is None:
        raise ApiError(402, "card_error", cards.REFUSED, code="card_declined", param="number")
    session["customer_details"] = objects.customer_details(name=holder.name, email=holder.email)
    intent = _intent(call, session)
    method = call.store.add(
        money_objects.payment_method(
            now=call.store.now(),
            card=card,
            expiry=holder.expiry,
            holder=money_objects.billing_details(name=holder.name, email=holder.email),
        ),
        private={"number": number},
    )
    if card.outcome is Outcome.ASKS:
        _ask(call, session, intent, method)
        return Result.ASKS, card
    if card.outcome is Outcome.DECLINES:
        _decline(call, intent, method, card)
        return Result.REFUSED, card
    _succeed(call, session, intent, method, card, authenticated=False)
    return Result.PAID, card


def authenticate(call: Call, identifier: str, *, agreed: bool) -> tuple[Result, Card]:
    """The payer answers the bank's question."""
    session = open_session(call, identifier)
    intent = call.store.find(session["payment_intent"] or "", "payment_intent")
    if intent is None or intent["status"] != "requires_action":
        raise ApiError.invalid("This Checkout Session does not wait for an authentication.")
    method = call.object("payment_method", intent["payment_method"])
    card = CARDS[call.store.private(method["id"])["number"]]
    if not agreed:
        _fail(call, intent, method, NOT_AUTHENTICATED)
        return Result.REFUSED, NOT_AUTHENTICATED
    _succeed(call, session, intent, method, card, authenticated=True)
    return Result.PAID, card


def _intent(call: Call, session: Json) -> Json:
    if session["payment_intent"]:
        call.store.save(session)
        return call.object("payment_intent", session["payment_intent"])
    given = call.store.private(session["id"]).get("intent", {})
    intent = call.store.add(money_objects.payment_intent(now=call.store.now(), session=session, given=given))
    session["payment_intent"] = intent["id"]
    call.store.save(session)
    events.emit(call, "payment_intent.created", intent)
    return intent


def _ask(call: Call, session: Json, intent: Json, method: Json) -> None:
    page = f"{session['url']}/authentification"
    intent.update(
        status="requires_action",
        payment_method=method["id"],
        last_payment_error=None,
        next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {"return_url": session["url"], "url": page},
        },
    )
    call.store.save(intent)
    events.emit(call, "payment_intent.requires_action", intent)


def _decline(call: Call, intent: Json, method: Json, card: Card) -> None:
    charged = money_objects.charge(
        now=call.store.now(), intent=intent, method=method, card=card, paid=False, authenticated=False
    )
    charged.update(failure_code=card.code, failure_message=cards.REFUSED)
    call.store.add(charged, parent=intent["id"])
    events.emit(call, "charge.failed", charged)
    intent["latest_charge"] = charged["id"]
    _fail(call, intent, method, card)


def _fail(call: Call, intent: Json, method: Json, card: Card) -> None:
    error = {
        "code": card.code,
        "doc_url": "https://stripe.com/docs/error-codes/" + card.code.replace("_", "-"),
        "message": cards.REFUSED,
        "payment_method": method,
        "type": "card_error",
    }
    if card.code != ASKED:
        error |= {"charge": intent["latest_charge"], "decline_code": card.reason}
    intent.update(
        status="requires_payment_method", payment_method=None, last_payment_error=error, next_action=None
    )
    call.store.save(intent)
    events.emit(call, "payment_intent.payment_failed", intent)


def _succeed(
    call: Call, session: Json, intent: Json, method: Json, card: Card, *, authenticated: bool
) -> None:
    store = call.store
    charged = money_objects.charge(
        now=store.now(), intent=intent, method=method, card=card, paid=True, authenticated=authenticated
    )
    entry = balance.enter(call, charged, charged["amount"], "charge")
    charged["balance_transaction"] = entry["id"]
    store.add(charged, parent=intent["id"], private={"number": card.number})
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charged["id"],
        last_payment_error=None,
        next_action=None,
        payment_method=method["id"],
    )
    store.save(intent)
    session.update(status="complete", payment_status="paid", url=None)
    store.save(session)
    events.emit(call, "charge.succeeded", charged)
    events.emit(call, "payment_intent.succeeded", intent)
    events.emit(call, "checkout.session.completed", session)
