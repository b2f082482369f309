"""Money at the door: who registered and has not paid, and who comes unannounced; only by who may take it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Customer, Document, Order, Payment
from cantine.audit import events as audit
from events.errors import AlreadyHere, Full, NotOpen, NotSold
from events.models import Attendance, Event, Registration
from events.services.entering import sell_at_door
from events.services.figures import figures_of
from members.errors import NotAllowed
from members.models import Message, User
from tests.events.test_registering import order_of, paid_event, sign_up
from tests.factories.events import make_event, make_registration, make_ticket
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ZOE = {"do": "walk_in", "entree-name": "Zoé Essai", "entree-email": "zoe@cantine.example"}


@pytest.fixture
def manager() -> User:
    return make_user(role="manager", name="Aude Essai")


@pytest.fixture
def event(manager: User) -> Event:
    return paid_event(by=manager, capacity=10)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def door_of(event: Event) -> str:
    return reverse("events:checkin", args=[event.slug])


def sold(event: Event, by: User, **fields: object) -> Registration:
    given = {"ticket": event.tickets.all()[0], "name": "Zoé Essai", "email": "zoe@cantine.example", **fields}
    return sell_at_door(event=event, method="cash", by=by, now=NOW, **given)  # type: ignore[arg-type]


def nothing_written(event: Event) -> bool:
    event.refresh_from_db()
    written = (Registration, Order, Payment, Attendance, Document)
    return event.seats_taken == 0 and not any(model.objects.exists() for model in written)


def audit_is_clean() -> bool:
    looks = (
        audit.seats_counted_wrong,
        audit.registrations_without_their_places,
        audit.registrations_that_contradict_their_order,
    )
    return not any(list(look(NOW)) for look in looks)


def test_a_seat_sold_at_the_door_is_registered_paid_invoiced_and_here_at_once(
    event: Event, manager: User
) -> None:
    found = sold(event, manager)
    found.refresh_from_db()
    order, payment = order_of(found), Payment.objects.get()
    assert (found.state, found.source, found.total) == ("confirmed", "walk_in", Decimal("12.00"))
    assert (order.state, order.means) == ("accepted", "desk")
    assert (payment.method, payment.operator) == ("cash", manager)
    assert Document.objects.get().total_incl == Decimal("12.00")
    assert Attendance.objects.get().by == manager
    assert Message.objects.filter(template="events/confirmed", to="zoe@cantine.example").exists()
    assert (figures_of(event).walk_ins, figures_of(event).earned) == (1, Decimal("12.00"))
    assert audit_is_clean()


def test_an_address_with_an_account_pays_as_that_person_at_their_price(event: Event, manager: User) -> None:
    event.tickets.update(member_price=Decimal("8.00"))
    member = make_user(email="zoe@cantine.example", name="Zoé Essai")
    make_membership(user=member)
    found = sold(event, manager, email="Zoe@Cantine.example")
    assert (found.user, found.total) == (member, Decimal("8.00"))
    assert found.customer == Customer.objects.get(user=member)


def test_a_contact_who_is_known_keeps_their_customer(event: Event, manager: User) -> None:
    before = sign_up(paid_event(), email="zoe@cantine.example")
    assert sold(event, manager).customer == before.customer


def test_an_open_price_is_what_is_given(manager: User) -> None:
    event = paid_event(by=manager)
    event.tickets.update(pricing="open")
    assert sold(event, manager, price=Decimal("3.50")).total == Decimal("3.50")
    assert Payment.objects.get().amount == Decimal("3.50")
    free = sold(event, manager, price=Decimal(0), email="lea@cantine.example", name="Léa Essai")
    assert (free.state, free.line, Payment.objects.count()) == ("confirmed", None, 1)


def test_only_who_may_take_money_sells(event: Event) -> None:
    with pytest.raises(NotAllowed):
        sold(event, make_user(role="volunteer"))
    assert nothing_written(event)


def test_a_full_or_cancelled_event_sells_nothing_and_takes_no_money(manager: User) -> None:
    full, off = paid_event(by=manager, capacity=1), paid_event(by=manager, state="cancelled")
    make_registration(full)
    with pytest.raises(Full):
        sold(full, manager)
    with pytest.raises(NotOpen):
        sold(off, manager)
    assert not Payment.objects.exists()
    assert sold(full, manager, add_place=True).state == "confirmed"
    assert audit_is_clean()


def test_where_nothing_is_sold_no_money_is_taken(manager: User) -> None:
    event = make_event(by=manager, tickets=False)
    make_ticket(event, price="5.00")
    event.site.seller.products.update(is_active=False)
    with pytest.raises(NotSold):
        sold(event, manager)
    assert nothing_written(event)


def test_a_second_tap_sells_nothing_more(event: Event, manager: User) -> None:
    sold(event, manager)
    with pytest.raises(AlreadyHere):
        sold(event, manager)
    assert (Payment.objects.count(), Registration.objects.count()) == (1, 1)
    assert sold(event, manager, name="Léa Essai").state == "confirmed"


def test_the_page_says_what_is_due_before_money_is_taken(event: Event, manager: User) -> None:
    event.tickets.update(member_price=Decimal("8.00"))
    make_membership(user=make_user(email="zoe@cantine.example"))
    browser, at = browser_of(manager), door_of(event)
    asked = {**ZOE, "entree-ticket": event.tickets.get().pk, "entree-method": "cash"}
    page = browser.post(at, asked)
    assertContains(page, "Encaisser 8,00")
    assert nothing_written(event)
    stale = browser.post(at, {**asked, "entree-due": "12.00"})
    assertContains(stale, "Encaisser 8,00")
    assert nothing_written(event)
    done = browser.post(at, {**asked, "entree-due": "8.00"}, follow=True)
    assertContains(done, "8,00\u00a0€ encaissés")
    assertContains(done, "est là")
    assert Payment.objects.get().amount == Decimal("8.00")


def test_the_invoice_needs_an_address_and_a_guest_does_not(event: Event, manager: User) -> None:
    browser, at = browser_of(manager), door_of(event)
    asked = {**ZOE, "entree-email": "", "entree-ticket": event.tickets.get().pk}
    assertContains(browser.post(at, {**asked, "entree-method": "cash"}), "facture", status_code=422)
    assert nothing_written(event)
    browser.post(at, {**asked, "entree-method": "guest"})
    assert (Registration.objects.get().total, Payment.objects.count()) == (Decimal(0), 0)


def test_who_keeps_the_door_without_the_till_is_offered_no_sale() -> None:
    volunteer = make_user(role="volunteer")
    event = paid_event(by=volunteer)
    browser, at = browser_of(volunteer), door_of(event)
    due = sign_up(event)
    page = browser.get(at)
    assertNotContains(page, "Encaisser")
    assertNotContains(page, "entree-method")
    asked = {**ZOE, "entree-ticket": event.tickets.get().pk, "entree-method": "cash", "entree-due": "12.00"}
    assert browser.post(at, asked).status_code >= 400
    paying = {"do": "pay", "seat": due.places.get().pk, "method": "cash"}
    assert browser.post(at, paying).status_code == 404
    assert (Payment.objects.count(), Attendance.objects.count(), Registration.objects.count()) == (0, 0, 1)


def test_who_registered_and_has_not_paid_pays_at_the_door_and_is_here(event: Event, manager: User) -> None:
    found = sign_up(event, seats=2, names=["Léa Essai"])
    browser, seat = browser_of(manager), found.places.all()[0]
    page = browser.get(f"{door_of(event)}?vu={seat.pk}")
    assertContains(page, "Encaisser 24,00")
    paying = {"do": "pay", "seat": seat.pk, "method": "terminal"}
    done = browser.post(door_of(event), paying, follow=True)
    assertContains(done, "24,00\u00a0€ encaissés")
    found.refresh_from_db()
    assert (found.state, Payment.objects.get().method) == ("confirmed", "terminal")
    assert Attendance.objects.get().seat == seat
    again = browser.post(door_of(event), paying, follow=True)
    assertContains(again, "a déjà servi")
    assert Payment.objects.count() == 1


def test_who_is_registered_already_is_found_by_their_address(event: Event, manager: User) -> None:
    make_registration(event, name="Zoé Essai", email="zoe@cantine.example")
    asked = {**ZOE, "entree-ticket": event.tickets.get().pk, "entree-method": "cash", "entree-due": "12.00"}
    page = browser_of(manager).post(door_of(event), asked, follow=True)
    assertContains(page, "est déjà inscrite")
    assertContains(page, "Noter l’arrivée")
    assert (Payment.objects.count(), Registration.objects.count()) == (0, 1)
