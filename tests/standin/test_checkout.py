"""Checkout Sessions over HTTP, through the SDK."""

import time
from typing import Any

import pytest
import stripe

from tests.fixtures_standin import Standin
from tests.standin.api import client, open_session, paid_session, wanted


def test_a_session_carries_what_was_asked(standin: Standin) -> None:
    session = open_session(standin, expand=["line_items"])
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 3600)
    assert session.id.startswith("cs_test_")
    assert session.url == f"{standin.base}/c/pay/{session.id}"
    assert session.client_reference_id == "commande-1"
    assert session.payment_intent is None
    assert session.line_items is not None
    assert [(line.description, line.quantity) for line in session.line_items] == [("Poste 7 <matin>", 2)]


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"expires_at": int(time.time()) + 29 * 60}, "expires_at"),
        ({"expires_at": int(time.time()) + 25 * 3600}, "expires_at"),
        ({"line_items": []}, "line_items"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"customer_email": "", "customer": "cus_nobody"}, "customer"),
        ({"colour": "red"}, "colour"),
        ({"mode": "subscription"}, "mode"),
    ],
)
def test_refuses_what_stripe_refuses_and_keeps_nothing(
    standin: Standin, changed: dict[str, Any], param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(standin, **changed)
    assert (refusal.value.param, refusal.value.http_status) == (param, 400)
    assert standin.sessions() == []


def test_refuses_less_than_fifty_cents(standin: Standin) -> None:
    line = {
        "quantity": 1,
        "price_data": {"currency": "eur", "unit_amount": 49, "product_data": {"name": "x"}},
    }
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        open_session(standin, line_items=[line])
    assert refusal.value.code == "amount_too_small"
    assert standin.sessions() == []


def test_an_expired_session_cannot_be_expired_again(standin: Standin) -> None:
    session = open_session(standin)
    v1 = client(standin).v1
    assert v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        v1.checkout.sessions.expire(session.id)
    assert standin.event_types().count("checkout.session.expired") == 1


def test_a_paid_session_cannot_be_expired(standin: Standin) -> None:
    session = paid_session(standin)
    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        client(standin).v1.checkout.sessions.expire(session.id)
    assert standin.sessions()[0]["status"] == "complete"


def test_a_session_ends_by_itself_when_its_time_is_over(standin: Standin) -> None:
    session = open_session(standin)
    standin.advance(39 * 60)
    assert standin.sessions()[0]["status"] == "open"
    standin.advance(2 * 60)
    ended = client(standin).v1.checkout.sessions.retrieve(session.id)
    assert (ended.status, ended.url) == ("expired", None)
    assert standin.event_types() == ["checkout.session.expired"]


def test_a_customer_is_shown_when_expanded(standin: Standin) -> None:
    v1 = client(standin).v1
    customer = v1.customers.create(
        {"name": "Camille", "email": "c@exemple.fr", "metadata": {"customer": "7"}}
    )
    session = v1.checkout.sessions.create(
        wanted(customer=customer.id, customer_email="", expand=["customer"])
    )
    assert isinstance(session.customer, stripe.Customer)
    assert session.customer.to_dict()["metadata"] == {"customer": "7"}
    assert [one.id for one in v1.checkout.sessions.list({"customer": customer.id})] == [session.id]


def test_what_cannot_be_expanded_is_refused(standin: Standin) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        open_session(standin, expand=["colour"])
    assert standin.sessions() == []
