"""Webhooks: signed, sent again until answered, lost, repeated and reordered when asked."""

import json
import threading
from collections.abc import Callable, Iterator

import pytest
import stripe

from tests.fixtures_standin import Standin
from tests.standin.api import client
from tests.standin.receiver import Receiver, receiving


@pytest.fixture
def receiver(standin: Standin) -> Iterator[Receiver]:
    with receiving() as one:
        standin.deliver_to(one.url)
        yield one


def name_customers(standin: Standin, count: int) -> None:
    for rank in range(count):
        client(standin).v1.customers.create({"name": str(rank)})


def names(got: list[tuple[bytes, str]]) -> list[str]:
    return [json.loads(body)["data"]["object"]["name"] for body, _ in got]


def until(true: Callable[[], bool]) -> bool:
    """Whether it became true within a few seconds."""
    pause = threading.Event()
    return any(true() or pause.wait(0.05) for _ in range(100))


def test_the_sdk_reads_what_is_sent(standin: Standin, receiver: Receiver) -> None:
    name_customers(standin, 1)
    ((body, header),) = receiver.wait_for(1)
    event = stripe.Webhook.construct_event(body, header, standin.webhook_secret)
    assert (event.type, event.api_version, event.pending_webhooks) == (
        "customer.created",
        stripe.api_version,
        1,
    )
    assert until(lambda: standin.get("/v1/events")["data"][0]["pending_webhooks"] == 0)


def test_two_secrets_both_sign(standin: Standin, receiver: Receiver) -> None:
    standin.deliver_to(receiver.url, "whsec_old", "whsec_new")
    name_customers(standin, 1)
    ((body, header),) = receiver.wait_for(1)
    for secret in ("whsec_old", "whsec_new"):
        assert stripe.WebhookSignature.verify_header(body, header, secret, 300)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body, header, "whsec_other", 300)


def test_an_unanswered_event_is_sent_again(standin: Standin, receiver: Receiver) -> None:
    receiver.refusals = 2
    name_customers(standin, 1)
    got = receiver.wait_for(3)
    assert len({json.loads(body)["id"] for body, _ in got}) == 1
    assert until(lambda: standin.deliveries()[0]["state"] == "delivered")
    assert standin.deliveries()[0]["tries"] == 3


def test_an_unreachable_receiver_gets_it_once_it_is_back(standin: Standin) -> None:
    standin.deliver_to("http://127.0.0.1:9/")
    name_customers(standin, 1)
    assert until(lambda: standin.deliveries()[0]["tries"] == 1)
    with receiving() as back:
        standin.deliver_to(back.url)
        assert len(back.wait_for(1)) == 1


def test_a_lost_event_is_kept_and_can_be_sent_by_hand(standin: Standin, receiver: Receiver) -> None:
    standin.lose_webhooks(1)
    name_customers(standin, 2)
    assert names(receiver.wait_for(1)) == ["1"]
    lost = standin.get("/v1/events")["data"][1]
    standin.redeliver(lost["id"])
    assert names(receiver.wait_for(2)) == ["1", "0"]


def test_an_event_can_come_several_times(standin: Standin, receiver: Receiver) -> None:
    standin.bend_webhooks(repeat=4)
    name_customers(standin, 1)
    got = receiver.wait_for(5)
    assert (len(got), len({json.loads(body)["id"] for body, _ in got})) == (5, 1)


def test_events_can_come_the_wrong_way_round(standin: Standin, receiver: Receiver) -> None:
    standin.bend_webhooks(reorder=3)
    name_customers(standin, 3)
    assert names(receiver.wait_for(3)) == ["2", "1", "0"]


def test_late_events_come_when_the_clock_says_so(standin: Standin, receiver: Receiver) -> None:
    standin.bend_webhooks(delay=3600)
    name_customers(standin, 1)
    assert standin.deliveries()[0]["state"] == "pending"
    standin.advance(3601)
    assert names(receiver.wait_for(1)) == ["0"]


def test_what_a_killed_process_owed_is_sent_after_its_restart(standin: Standin) -> None:
    standin.bend_webhooks(delay=3600)
    with receiving() as receiver:
        standin.deliver_to(receiver.url)
        name_customers(standin, 1)
        standin.restart_after_kill()
        standin.deliver_to(receiver.url)
        standin.advance(3601)
        assert names(receiver.wait_for(1)) == ["0"]
