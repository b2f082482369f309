"""Idempotency keys, and the API's faults."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from tests.fixtures_standin import Standin
from tests.standin.api import client, wanted


def create(standin: Standin, key: str, *, retries: int = 0, **changed: object) -> stripe.checkout.Session:
    asked = wanted(expires_at="", **changed)
    return client(standin, retries=retries).v1.checkout.sessions.create(asked, {"idempotency_key": key})


def test_the_same_key_is_answered_the_same(standin: Standin) -> None:
    first, again = create(standin, "essai-1"), create(standin, "essai-1")
    assert first.id == again.id
    assert first.last_response is not None
    assert again.last_response is not None
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(standin.sessions()) == 1


def test_the_same_key_with_other_parameters_is_refused(standin: Standin) -> None:
    create(standin, "essai-1")
    with pytest.raises(stripe.IdempotencyError, match="same parameters"):
        create(standin, "essai-1", client_reference_id="commande-2")
    assert len(standin.sessions()) == 1


def test_the_same_key_at_another_address_is_refused(standin: Standin) -> None:
    create(standin, "essai-1")
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        client(standin).v1.customers.create({"name": "x"}, {"idempotency_key": "essai-1"})
    assert standin.get("/v1/customers")["data"] == []


def test_a_refused_request_does_not_use_its_key_up(standin: Standin) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(standin, "essai-1", line_items=[])
    assert create(standin, "essai-1").status == "open"


def test_two_requests_at_once_with_one_key_make_one_session(standin: Standin) -> None:
    standin.fault(slow_ms=300)
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(create, standin, "essai-1") for _ in range(2)]
    failed = [one.exception() for one in tries if one.exception() is not None]
    assert [getattr(one, "http_status", None) for one in failed] == [409]
    assert len(standin.sessions()) == 1


def test_the_sdk_tries_a_conflict_again_by_itself(standin: Standin) -> None:
    standin.fault(conflict=1)
    assert create(standin, "essai-1", retries=1).status == "open"
    assert len(standin.sessions()) == 1


def test_a_connection_lost_after_the_work_finds_the_same_session(standin: Standin) -> None:
    standin.fault(drop_after=1)
    with pytest.raises(stripe.APIConnectionError):
        create(standin, "essai-1")
    made = standin.sessions()
    assert create(standin, "essai-1").id == made[0]["id"]
    assert len(standin.sessions()) == 1


def test_keys_and_objects_survive_a_kill(standin: Standin) -> None:
    session = create(standin, "essai-1")
    standin.restart_after_kill()
    assert create(standin, "essai-1").id == session.id
    assert standin.pay(session.id) == "paid"


def test_down_limited_and_unreachable(standin: Standin) -> None:
    standin.fault(down=1, rate_limited=1, refuse=1)
    for error in (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError):
        with pytest.raises(error):
            create(standin, "essai-1")
    assert standin.sessions() == []
    assert create(standin, "essai-1").status == "open"


def test_an_unknown_key_and_an_unknown_object_are_told_apart(standin: Standin) -> None:
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key"):
        client(standin, key="sk_test_other").v1.customers.list()
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client(standin).v1.payment_intents.retrieve("pi_nobody")
    assert (refusal.value.code, refusal.value.http_status) == ("resource_missing", 404)


def test_every_answer_says_its_version_and_its_request(standin: Standin) -> None:
    answer = client(standin).v1.customers.list().last_response
    assert answer is not None
    assert answer.headers["Stripe-Version"] == stripe.api_version
    assert answer.headers["Request-Id"].startswith("req_")
