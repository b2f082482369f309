"""Refunds above the limit of their seller wait for a word of the treasurer."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Anomaly, Payment, Refund, Seller
from billing.payments.approving import approve_refund, refuse_refund
from billing.payments.refunds import repay_at_desk
from billing.settlement.services import take_at_desk
from bookings.services.freeing import cancel_booking
from cantine.audit.report import findings
from members.errors import NotAllowed, WrongState
from members.models import User
from tests.factories.bookings import NOW, make_booking, make_house
from tests.factories.members import make_superuser, make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """A refund of nine euros where five may go without a word."""
    with lasting(django_db_blocker):
        with time_machine.travel(NOW, tick=False):
            made = asked_for("5.00")
        yield made.pk


@pytest.fixture
def refund(lived: int) -> Refund:
    return Refund.objects.select_related("payment__order__seller").get(pk=lived)


@pytest.fixture
def treasurer() -> User:
    return make_user(role="treasurer")


def asked_for(limit: str | None, by: User | None = None) -> Refund:
    """A desk (9 €) paid in cash and called off, at a seller with this limit."""
    site = make_house()
    Seller.objects.filter(pk=site.seller_id).update(refund_approval_above=limit)
    manager = by or make_user(role="manager")
    booking = make_booking(space=site.spaces.get(number=1))
    assert booking.line is not None
    take_at_desk(order=booking.line.order, method="cash", by=manager, now=NOW)
    cancel_booking(booking=booking, by=manager, now=NOW)
    return Refund.objects.get(payment__order=booking.line.order)


@pytest.mark.parametrize(("limit", "waits"), [(None, False), ("9.00", False), ("8.99", True), ("0", True)])
def test_only_what_is_above_the_limit_waits(limit: str | None, waits: bool) -> None:
    refund = asked_for(limit)
    assert refund.needs_approval is waits
    assert Refund.objects.to_repay_at_desk().filter(pk=refund.pk).exists() is not waits


def test_what_waits_is_not_handed_over_nor_sent_until_the_treasurer_approves(
    refund: Refund, treasurer: User
) -> None:
    manager = make_user(role="manager")
    with pytest.raises(WrongState):
        repay_at_desk(refund=refund, by=manager, now=NOW)
    Payment.objects.filter(pk=refund.payment_id).update(method=Payment.Method.CARD)
    assert not Refund.objects.due_at(NOW + timedelta(days=1)).exists()
    approve_refund(refund=refund, by=treasurer, now=NOW)
    assert Refund.objects.due_at(NOW).get().pk == refund.pk
    kept = Refund.objects.get()
    assert (kept.decided_by, kept.decided_at, kept.state) == (treasurer, NOW, "requested")


def test_a_refusal_keeps_the_money_and_asks_somebody_to_say_so(refund: Refund, treasurer: User) -> None:
    refuse_refund(refund=refund, by=treasurer, reason="Déjà rendu en mars", now=NOW)
    kept = Refund.objects.select_related("payment").get()
    assert (kept.state, kept.error, kept.payment.refunded) == (
        "refused",
        "Déjà rendu en mars",
        Decimal("0.00"),
    )
    assert Anomaly.objects.open().get().kind == Anomaly.Kind.REFUND_REFUSED
    for again in (approve_refund,):
        with pytest.raises(WrongState):
            again(refund=refund, by=treasurer, now=NOW)
    assert [found.details for found in findings(NOW) if "refund" in found.name and found.details] == []


def test_nobody_else_decides_and_nothing_changes(refund: Refund) -> None:
    for role in ("coworker", "volunteer", "manager"):
        with pytest.raises(NotAllowed):
            approve_refund(refund=refund, by=make_user(role=role), now=NOW)
    assert Refund.objects.to_approve().get().pk == refund.pk


def test_who_asked_for_a_refund_does_not_approve_it_but_for_a_superuser(
    refund: Refund, treasurer: User
) -> None:
    Refund.objects.filter(pk=refund.pk).update(requested_by=treasurer)
    with pytest.raises(NotAllowed):
        approve_refund(refund=refund, by=treasurer, now=NOW)
    assert Refund.objects.to_approve().exists()
    approve_refund(refund=refund, by=make_superuser(), now=NOW)
    assert not Refund.objects.to_approve().exists()


def test_it_is_to_do_for_the_treasurer_who_approves_or_refuses_on_its_page(
    refund: Refund, treasurer: User
) -> None:
    client, manager = Client(), Client()
    client.force_login(treasurer)
    manager.force_login(make_user(role="manager"))
    record = reverse("admin:billing_refund_change", args=[refund.pk])
    assertContains(client.get(reverse("admin:index")), "Approuver un remboursement de 9,00\u00a0€")
    assertNotContains(manager.get(reverse("admin:index")), "Approuver un remboursement")
    assertContains(client.get(record), reverse("admin:approve_refund", args=[refund.pk]))
    assertNotContains(manager.get(record), reverse("admin:approve_refund", args=[refund.pk]))
    assert client.get(reverse("admin:refuse_refund", args=[refund.pk])).status_code == 200
    assert client.post(reverse("admin:approve_refund", args=[refund.pk])).status_code == 302
    assertNotContains(client.get(reverse("admin:index")), "Approuver un remboursement")


def test_a_manager_does_not_raise_the_limit_she_is_held_to(refund: Refund) -> None:
    client, seller = Client(), refund.payment.order.seller
    client.force_login(make_user(role="manager"))
    page = reverse("admin:billing_seller_change", args=[seller.pk])
    shown = client.get(page)
    assertContains(shown, "Remboursements à approuver au-delà de", 1)
    form = shown.context["adminform"].form
    assert "refund_approval_above" not in form.fields
    sent = {name: form.initial.get(name) or "" for name in form.fields} | {"refund_approval_above": "9999"}
    client.post(page, sent)
    assert Seller.objects.get(pk=seller.pk).refund_approval_above == Decimal("5.00")
