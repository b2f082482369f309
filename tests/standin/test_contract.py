"""Every object answered has exactly the fields of Stripe's own example, when that file is beside us.

What only the SDK knows (a line of Checkout, a price) is checked against the SDK's types in any case, and so
is what may be null.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import stripe

from tests.fixtures_standin import ASKS, DECLINED, ROOT, Standin
from tests.standin.api import client, open_session, paid_session, wanted

EXAMPLES = ROOT.parent / "shared" / "stripe" / "objects.json"
FREE = {
    "metadata",
    "payment_method_options",
    "object",
    "previous_attributes",
    "last_payment_error",
    "next_action",
}
SDK: dict[str, type[stripe.StripeObject]] = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "customer": stripe.Customer,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "item": stripe.LineItem,
    "payment_intent": stripe.PaymentIntent,
    "payment_method": stripe.PaymentMethod,
    "payout": stripe.Payout,
    "price": stripe.Price,
    "refund": stripe.Refund,
}
Json = dict[str, Any]


@cache
def examples() -> dict[str, Json]:
    """Stripe's examples, or none away from our own desks."""
    loaded: dict[str, Json] = json.loads(EXAMPLES.read_text()) if EXAMPLES.exists() else {}
    return loaded


@pytest.fixture
def answered(standin: Standin) -> list[Json]:
    """One object of each kind and state that the stand-in can answer with."""
    v1 = client(standin).v1
    customer = v1.customers.create({"name": "Camille", "email": "c@exemple.fr"})
    v1.checkout.sessions.create(wanted(customer=customer.id, customer_email=""))
    declined, asked = open_session(standin), open_session(standin)
    standin.pay(declined.id, card=DECLINED)
    standin.pay(asked.id, card=ASKS)
    standin.expire(declined.id)
    paid = paid_session(standin)
    v1.refunds.create({"payment_intent": str(paid.payment_intent)})
    lines = standin.get(f"/v1/checkout/sessions/{paid.id}/line_items")["data"]
    paid_session(standin)
    failed = standin.control("payouts", hurry="yes")
    standin.control(f"payouts/{failed['id']}/fail")
    standin.control(f"charges/{standin.get('/v1/charges')['data'][0]['id']}/dispute")
    paid_session(standin)
    standin.control("payouts", hurry="yes")
    lists = ("customers", "payment_intents", "payment_methods", "charges", "refunds", "events", "payouts")
    found = [one for name in lists for one in standin.get(f"/v1/{name}?limit=100")["data"]]
    found += standin.get("/v1/disputes")["data"]
    found += standin.sessions() + standin.get("/v1/balance_transactions")["data"] + lines
    return found + [line["price"] for line in lines]


def test_every_kind_is_looked_at(answered: list[Json]) -> None:
    assert {one["object"] for one in answered} == set(SDK)


def test_objects_have_the_fields_of_the_examples(answered: list[Json]) -> None:
    wrong = {
        fault
        for one in answered
        if one["object"] in examples()
        for fault in differences(examples()[one["object"]], one, one["object"])
    }
    assert sorted(wrong) == []


def test_nothing_is_null_or_there_that_the_sdk_does_not_expect(answered: list[Json]) -> None:
    wrong = set()
    for one in answered:
        known = SDK[one["object"]].__annotations__
        for name, value in one.items():
            if name not in known:
                # three fields of the examples are not in the SDK's types
                if name not in examples().get(one["object"], {}):
                    wrong.add(f"{one['object']}.{name} is unknown")
            elif value is None and not may_be_null(known[name]):
                wrong.add(f"{one['object']}.{name} is null")
        wrong |= {f"{one['object']}.{name} is missing" for name in required(SDK[one["object"]]) - set(one)}
    assert sorted(wrong) == []


def required(kind: type[stripe.StripeObject]) -> set[str]:
    """The fields that the SDK's types promise."""
    hints = {name: hint for name, hint in kind.__annotations__.items() if not name.startswith("_")}
    return {name for name, hint in hints.items() if not may_be_null(hint) and "ClassVar" not in str(hint)}


def may_be_null(hint: object) -> bool:
    """Whether the SDK's type of a field allows null, written in either of the two ways."""
    return "Optional" in str(hint) or "None" in str(hint)


def differences(example: Any, given: Any, path: str) -> Iterator[str]:
    """Where an answer's shape is not the example's; null agrees with anything."""
    if example is None or given is None or path.rsplit(".", 1)[-1] in FREE:
        return
    if isinstance(example, bool) or isinstance(given, bool) or not isinstance(given, type(example)):
        if type(example) is not type(given):
            yield f"{path}: {type(given).__name__}, not {type(example).__name__}"
    elif isinstance(example, dict):
        for name in sorted(set(example) ^ set(given)):
            yield f"{path}.{name}: {'missing' if name in example else 'too much'}"
        for name in set(example) & set(given):
            yield from differences(example[name], given[name], f"{path}.{name}")
    elif isinstance(example, list):
        for one in given if example else ():
            yield from differences(example[0], one, f"{path}.0")


def test_the_comparison_itself_sees_what_differs() -> None:
    example = {"a": 1, "b": {"c": "x"}, "d": [True]}
    given = {"a": "1", "b": {"c": None, "e": 1}, "d": [0]}
    assert sorted(differences(example, given, "o")) == [
        "o.a: str, not int",
        "o.b.e: too much",
        "o.d.0: int, not bool",
    ]
