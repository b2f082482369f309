"""A guest's address: a slip in it is corrected by a code; one registered already is told by e-mail."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from billing.models import Order
from billing.settlement.services import take_at_desk
from events.models import Event, Registration
from events.services.addressing import code_of
from members.messages.sending import send_due
from members.models import Message
from tests.factories.bookings import make_house
from tests.factories.events import make_event
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
GUEST = {"name": "Noé Essai", "email": "neo@cantine.example", "seats": "1"}
RIGHT = "noe@cantine.example"
SIGN = re.compile(r'name="sign" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


def register(event: Event, **typed: str) -> Any:
    return Client().post(reverse("events:register", args=[event.slug]), {**GUEST, **typed})


def make_paid() -> Event:
    """An event at 12 €, of a house where one may pay on the spot."""
    return make_event(site=make_house(desks=0, desk_payment=True), ticket={"price": "12.00"})


@pytest.fixture
def held() -> Registration:
    """A place held until it is paid, at an address with a slip in it."""
    event = make_paid()
    assert register(event).status_code == 302
    return Registration.objects.get()


def at(registration: Registration) -> str:
    return reverse("events:address", args=[registration.key])


def asked(registration: Registration, email: str = RIGHT) -> str:
    """The sign that the page of the code carries."""
    page = Client().post(at(registration), {"email": email})
    assertContains(page, email)
    found = SIGN.search(page.content.decode())
    assert found
    return found[1]


def code() -> str:
    """What the newest e-mail with a code says."""
    ids = Message.objects.filter(template="events/address_code").latest("pk").ids
    return code_of(ids["registration"], ids["nonce"])


def now_at(registration: Registration) -> tuple[str, str]:
    """The address of a registration, and of who is to pay it."""
    registration.refresh_from_db()
    assert registration.line
    return registration.email, Order.objects.get(lines=registration.line).customer.email


def test_the_pay_page_leads_to_correcting_the_address(held: Registration) -> None:
    assert held.line
    pay = Client().get(reverse("billing:pay", args=[held.line.order.public_id]))
    for page in (pay, Client().get(held.get_absolute_url())):
        assertContains(page, at(held))


def test_the_code_of_the_new_mailbox_moves_the_place_and_what_is_to_pay(held: Registration) -> None:
    sign = asked(held)
    assert now_at(held) == (GUEST["email"], GUEST["email"])
    send_due(timezone.now())
    letter = mail.outbox[-1]
    assert (letter.to, code() in letter.body) == ([RIGHT], True)
    assert held.key not in letter.body
    assert held.line
    answer = Client().post(at(held), {"sign": sign, "code": code()})
    assertRedirects(answer, reverse("billing:pay", args=[held.line.order.public_id]))
    assert now_at(held) == (RIGHT, RIGHT)


def test_a_wrong_code_or_anothers_sign_changes_nothing(held: Registration) -> None:
    sign = asked(held)
    wrong = f"{(int(code()) + 1) % 10**6:06}"
    assertContains(Client().post(at(held), {"sign": sign, "code": wrong}), "pas le bon", status_code=422)
    forged = {"sign": sign[:-2], "code": code()}
    assertContains(Client().post(at(held), forged), "pas le bon", status_code=422)
    other = make_paid()
    register(other, email="autre@cantine.example")
    theirs = Registration.objects.get(event=other)
    assert Client().post(at(theirs), {"sign": sign, "code": code()}).status_code == 422
    assert now_at(held) == (GUEST["email"], GUEST["email"])
    assert now_at(theirs)[0] == "autre@cantine.example"


def test_codes_cannot_be_tried_one_after_the_other(held: Registration) -> None:
    sign = asked(held)
    wrong = {"sign": sign, "code": f"{(int(code()) + 1) % 10**6:06}"}
    tried = [Client().post(at(held), wrong).status_code for _ in range(11)]
    assert tried[-1] == 429
    assert Client().post(at(held), {"sign": sign, "code": code()}).status_code == 429
    assert now_at(held)[0] == GUEST["email"]


def test_what_is_paid_keeps_its_address(held: Registration) -> None:
    sign = asked(held)
    assert held.line
    take_at_desk(order=held.line.order, method="cash", by=make_user(role="manager"), now=timezone.now())
    assertRedirects(Client().get(at(held)), held.get_absolute_url())
    answer = Client().post(at(held), {"sign": sign, "code": code()})
    assertContains(answer, "ne peut plus être changée", status_code=409)
    assert now_at(held) == (GUEST["email"], GUEST["email"])


def test_an_address_registered_already_learns_it_from_its_letter_alone() -> None:
    event = make_event(ticket={"limit": 4})
    first_page, second_page = register(event), register(event, name="Zoé Essai")
    assert first_page.status_code == second_page.status_code == 302
    first, second = Registration.objects.order_by("pk")
    send_due(timezone.now())
    one, other = (each.body for each in mail.outbox[-2:])
    assert first.get_absolute_url() in other
    assert second.get_absolute_url() not in one
