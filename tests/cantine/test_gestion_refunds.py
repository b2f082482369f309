"""Money on its way back at the manager's desk: handed over, or asked of the bank once more."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from billing.models import Anomaly, Payment, Refund
from billing.payments.refunds import apply_refusal, request_refund
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Space
from bookings.services.freeing import cancel_booking
from members.models import User
from tests.factories.bookings import NOW, make_booking, make_house
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def booked(number: int = 1) -> Booking:
    if not Space.objects.exists():
        make_house()
    desk = Space.objects.select_related("site").get(kind="desk", number=number)
    return make_booking(space=desk, user=make_user(name="Camille Rendue"))


def repayable(manager: User, number: int = 1) -> Refund:
    """What is to be given back at the desk: paid in cash, then called off in time."""
    booking = booked(number)
    assert booking.line is not None
    payment = take_at_desk(order=booking.line.order, method="cash", by=manager, now=NOW)
    cancel_booking(booking=booking, by=manager, now=NOW)
    return Refund.objects.get(payment=payment)


def failed() -> Refund:
    """A card refund that the bank refused."""
    booking = booked()
    assert booking.line is not None
    payment = Payment.objects.create(
        order=booking.line.order,
        attempt=1,
        method="card",
        state="succeeded",
        amount=Decimal("18.00"),
        started_at=NOW,
        succeeded_at=NOW,
        settled_at=NOW,
        intent_id="pi_essai",
    )
    with transaction.atomic():
        refund = request_refund(payment, Decimal("9.00"), reason=Refund.Reason.CANCELLED, now=NOW)
    return apply_refusal(refund, "compte clos", now=NOW)


def titles(client: Client) -> list[str]:
    return [item.title for item in client.get(reverse("admin:index")).context["todo"]]


def test_money_to_hand_over_is_to_do_until_it_is_given(client: Client, manager: User) -> None:
    refund = repayable(manager)
    assert titles(client) == ["Rendre 9,00\u00a0€"]
    html = client.get(reverse("admin:index")).content.decode()
    assert "Camille Rendue, espèces" in html
    for _time in range(2):
        client.post(reverse("admin:repay", args=[refund.pk]))
    refund.refresh_from_db()
    assert (refund.state, refund.done_at) == ("succeeded", NOW)
    assert titles(client) == []


def test_a_failed_refund_is_asked_again_once_and_leaves_the_list(client: Client, manager: User) -> None:
    refund = failed()
    assert titles(client) == ["Remboursement échoué\u00a0: 9,00\u00a0€"]
    at = reverse("admin:billing_refund_change", args=[refund.pk])
    again = reverse("admin:refund_again", args=[refund.pk])
    form = client.get(at).content.decode()
    assert again in form
    assert " · 9,00\u00a0€</h1>" in form
    assert client.post(again, {"retour": at}).headers["Location"] == at
    client.post(again)
    retried = Refund.objects.exclude(pk=refund.pk).get()
    assert (retried.state, retried.amount, retried.requested_by) == ("requested", Decimal("9.00"), manager)
    assert Payment.objects.get().refunded == Decimal("9.00")
    assert Anomaly.objects.get().resolved_by == manager
    assert titles(client) == []
    assert again not in client.get(at).content.decode()


def test_a_failed_refund_noted_as_dealt_with_is_no_longer_to_do(client: Client) -> None:
    failed()
    client.post(reverse("admin:resolve", args=[Anomaly.objects.get().pk]))
    assert titles(client) == []


def test_many_refunds_are_summed_up_and_found_in_the_list(client: Client, manager: User) -> None:
    make_house(desks=5)
    for number in range(1, 6):
        repayable(manager, number)
    assert titles(client)[3:] == ["2 autres remboursements"]
    page = client.get(reverse("admin:billing_refund_changelist"), {"a_faire": "oui"})
    assert page.context["cl"].result_count == 5


@pytest.mark.parametrize("role", ["treasurer", "volunteer"])
def test_nobody_else_gives_money_back(role: str, manager: User) -> None:
    refund = repayable(manager)
    other = Client()
    other.force_login(make_user(role=role))
    for name in ("repay", "refund_again"):
        assert other.post(reverse(f"admin:{name}", args=[refund.pk])).status_code == 403
    refund.refresh_from_db()
    assert refund.state == "requested"
    assert Refund.objects.count() == 1
