"""On the day: arrivals by code and by name, twice, taken back; walk-ins; only for who runs it."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from cantine.audit import events as audit
from events.errors import Full, NotActive, NotComing, ToPay
from events.models import Attendance, Event, Registration, Seat
from events.services.attending import check_in, count, find_code, undo_check_in
from events.services.entering import let_in
from members.models import User
from tests.factories.events import make_event, make_registration, make_ticket
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer", name="Aude Essai")


@pytest.fixture
def event(volunteer: User) -> Event:
    return make_event(by=volunteer)


@pytest.fixture
def door(volunteer: User) -> Client:
    client = Client()
    client.force_login(volunteer)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def seat_of(registration: Registration) -> Seat:
    return registration.places.all()[0]


def test_a_ticket_shown_twice_counts_once_and_the_first_time_stays(event: Event, volunteer: User) -> None:
    seat = seat_of(make_registration(event))
    first, was_first = check_in(seat=seat, by=volunteer, now=NOW)
    again, is_first = check_in(seat=seat, by=make_user(role="manager"), now=NOW + timedelta(minutes=5))
    assert (was_first, is_first, again.pk, again.at, again.by) == (True, False, first.pk, NOW, volunteer)
    assert count(event) == {"expected": 1, "here": 1}


def test_only_a_sure_seat_comes_in(event: Event, volunteer: User) -> None:
    for state in ("waiting", "held", "expired", "cancelled"):
        seat = seat_of(make_registration(event, state=state))
        with pytest.raises(NotComing):
            check_in(seat=seat, by=volunteer, now=NOW)
    assert not Attendance.objects.exists()


def test_nobody_comes_to_an_event_that_was_called_off(volunteer: User) -> None:
    seat = seat_of(make_registration(make_event(by=volunteer, state="cancelled")))
    with pytest.raises(NotActive):
        check_in(seat=seat, by=volunteer, now=NOW)
    assert not Attendance.objects.exists()


def test_an_arrival_is_taken_back_and_can_be_noted_again(event: Event, volunteer: User) -> None:
    seat = seat_of(make_registration(event))
    check_in(seat=seat, by=volunteer, now=NOW)
    assert (undo_check_in(seat=seat), undo_check_in(seat=seat)) == (True, False)
    assert check_in(seat=seat, by=volunteer, now=NOW)[1]


def test_a_code_is_found_however_it_is_read(event: Event) -> None:
    seat = seat_of(make_registration(event))
    link = f"https://cantine.example/billets/{seat.code}/"
    for typed in (seat.code, f" {seat.spelt} ", link, seat.code.lower()):
        assert find_code(event, typed) == seat, typed
    assert find_code(make_event(), seat.code) is None


def test_who_comes_unannounced_takes_a_seat_and_is_here(event: Event, volunteer: User) -> None:
    found = let_in(event=event, ticket=event.tickets.get(), name="Noé Essai", by=volunteer, now=NOW)
    event.refresh_from_db()
    assert (found.source, found.state, event.seats_taken) == ("walk_in", "confirmed", 1)
    assert count(event) == {"expected": 1, "here": 1}
    assert list(audit.seats_counted_wrong(NOW)) == list(audit.registrations_without_their_places(NOW)) == []


def test_a_full_event_lets_in_one_more_only_when_that_is_said(volunteer: User) -> None:
    event = make_event(by=volunteer, capacity=1, ticket={"quota": 1})
    make_registration(event)
    ticket = event.tickets.get()
    enter = partial(let_in, event=event, ticket=ticket, name="Zoé Essai", by=volunteer, now=NOW)
    with pytest.raises(Full):
        enter()
    event.refresh_from_db()
    assert (event.capacity, event.seats_taken, event.registrations.count()) == (1, 1, 1)
    enter(add_place=True)
    event.refresh_from_db()
    assert (event.capacity, event.seats_taken, event.registrations.count()) == (2, 2, 2)
    assert list(audit.seats_counted_wrong(NOW)) == []


def test_one_place_more_is_not_counted_where_there_is_one(event: Event, volunteer: User) -> None:
    let_in(event=event, ticket=event.tickets.get(), name="Zoé", by=volunteer, now=NOW, add_place=True)
    event.refresh_from_db()
    assert (event.capacity, event.seats_taken) == (10, 1)


def test_a_ticket_that_costs_something_is_given_only_as_a_guest(volunteer: User) -> None:
    event = make_event(by=volunteer, tickets=False)
    ticket = make_ticket(event, price="5.00")
    enter = partial(let_in, event=event, ticket=ticket, name="Zoé Essai", by=volunteer, now=NOW)
    with pytest.raises(ToPay):
        enter()
    assert not event.registrations.exists()
    assert enter(as_guest=True).total == 0


def test_the_door_by_code_without_script(event: Event, door: Client) -> None:
    seat = seat_of(make_registration(event, name="Noé Essai"))
    at = url("checkin", event.slug)
    answer = door.post(at, {"do": "code", "code": seat.spelt})
    assertRedirects(answer, f"{at}?vu={seat.pk}")
    assertContains(door.get(answer["Location"]), "est là")
    again = door.post(at, {"do": "code", "code": seat.code}, follow=True)
    assertContains(again, "Ce billet a déjà servi à")
    assertContains(again, "Aude Essai")
    assert Attendance.objects.count() == 1
    undone = door.post(at, {"do": "undo", "seat": seat.pk}, follow=True)
    assertContains(undone, "est retirée")
    assert not Attendance.objects.exists()


def test_the_organiser_reads_who_is_here_and_which_address_is_there_twice(
    event: Event, volunteer: User, door: Client
) -> None:
    first = make_registration(event, email="zoe@cantine.example")
    check_in(seat=seat_of(first), by=volunteer, now=NOW)
    assertContains(door.get(url("desk", event.slug)), "est là", 1)
    assertNotContains(door.get(url("desk", event.slug)), "Plusieurs inscriptions")
    make_registration(event, email="zoe@cantine.example")
    assertContains(door.get(url("desk", event.slug)), "Plusieurs inscriptions à cette adresse", 2)


def test_the_door_by_name(event: Event, door: Client) -> None:
    found = make_registration(event, name="Noé Essai", names=["Noé Essai", "Zoé Autre"])
    make_registration(event, name="Camille Loin")
    at = url("checkin", event.slug)
    page = door.get(at, {"q": "zoé"})
    assertContains(page, "Zoé Autre")
    assertNotContains(page, "Camille Loin")
    door.post(at, {"do": "in", "seat": found.places.get(name="Zoé Autre").pk, "q": "zoé"})
    assert Attendance.objects.get().seat.name == "Zoé Autre"
    assertContains(door.get(at, {"q": "personne"}), "Aucun nom ne contient")


def test_a_code_of_nowhere_is_said_so_and_notes_nothing(event: Event, door: Client) -> None:
    other = seat_of(make_registration(make_event()))
    answer = door.post(url("checkin", event.slug), {"do": "code", "code": other.code}, follow=True)
    assertContains(answer, "Aucun billet de cet événement ne porte ce code")
    assert not Attendance.objects.exists()
    assert door.post(url("checkin", event.slug), {"do": "in", "seat": other.pk}).status_code == 404
    assert not Attendance.objects.exists()


def test_a_scanned_link_shows_the_ticket_and_notes_nothing_by_itself(event: Event, door: Client) -> None:
    seat = seat_of(make_registration(event, name="Noé Essai"))
    assertRedirects(door.get(url("ticket", seat.code)), url("checkin_code", event.slug, seat.code))
    assertContains(door.get(url("checkin_code", event.slug, seat.code)), "Noter l’arrivée")
    assert not Attendance.objects.exists()


def test_letting_in_by_the_form_and_the_choice_when_it_is_full(volunteer: User, door: Client) -> None:
    event = make_event(by=volunteer, capacity=1)
    at, ticket = url("checkin", event.slug), event.tickets.get()
    asked = {"do": "walk_in", "entree-name": "Zoé Essai", "entree-ticket": ticket.pk}
    typed = {**asked, "entree-email": "Zoe@Cantine.example"}
    assertContains(door.post(at, typed, follow=True), "Zoé Essai est là.")
    assert event.registrations.get().email == "zoe@cantine.example"
    full = door.post(at, {**asked, "entree-name": "Léa Essai"})
    assertContains(full, "Léa Essai", status_code=full.status_code)
    assertContains(full, "Faire entrer quand même", status_code=full.status_code)
    assert full.status_code == 422 or full.status_code == 409
    assert event.registrations.count() == 1
    door.post(at, {**asked, "entree-name": "Léa Essai", "entree-add_place": "on"})
    assert event.registrations.count() == 2


def test_a_second_tap_lets_in_nobody_more_but_the_next_one_with_the_same_name_comes_in(
    event: Event, door: Client
) -> None:
    at, ticket = url("checkin", event.slug), event.tickets.get()
    sent = {"do": "walk_in", "entree-name": "Zoé Essai", "entree-ticket": ticket.pk, "entree-token": "un"}
    for _tap in range(2):
        assertContains(door.post(at, sent, follow=True), "Zoé Essai est là.")
    assert (count(event)["here"], event.registrations.count()) == (1, 1)
    door.post(at, {**sent, "entree-token": "deux"})
    door.post(at, {**sent, "entree-name": "Léa Essai"})
    assert count(event)["here"] == 3


def test_the_door_is_shut_to_who_does_not_run_the_event(event: Event, door: Client) -> None:
    doors = [url(name, event.slug) for name in ("checkin", "checkin_count", "figures")]
    assert {door.get(at).status_code for at in doors} == {200}
    typed = {"do": "walk_in", "entree-name": "Zoé", "entree-ticket": event.tickets.get().pk}
    for role in ("coworker", "volunteer", "treasurer"):
        client = Client()
        client.force_login(make_user(role=role))
        for at in doors:
            assert (role, at, client.get(at).status_code) == (role, at, 404)
            client.post(at, typed)
    assert not event.registrations.exists()
    assert all("/compte/connexion/" in Client().get(at)["Location"] for at in doors)


def test_a_former_volunteer_loses_the_door_at_once(event: Event, volunteer: User, door: Client) -> None:
    seat = seat_of(make_registration(event))
    volunteer.groups.remove(Group.objects.get(name="volunteer"))
    for name in ("checkin", "checkin_count", "figures"):
        assert door.get(url(name, event.slug)).status_code == 404
    assert door.get(url("checkin_code", event.slug, seat.code)).status_code == 404
    assert door.post(url("checkin", event.slug), {"do": "in", "seat": seat.pk}).status_code == 404
    assert not Attendance.objects.exists()
