"""An organiser's list and the desk of an event."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from bookings.models import Site
from events.models import Answer
from members.models import User
from tests.events.publishing.steps import browser_of, url
from tests.factories.bookings import make_house
from tests.factories.events import make_event, make_question, make_registration
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db


def test_the_desk_lists_who_comes_in_as_many_queries_for_one_as_for_many(
    site: Site, volunteer: User, django_assert_max_num_queries: Any
) -> None:
    event, browser = make_event(site=site, by=volunteer, capacity=500), browser_of(volunteer)
    for _each in range(40):
        make_registration(event, names=["Zoé Essai"])
    with django_assert_max_num_queries(22):
        page = browser.get(url("desk", event.slug))
    assertContains(page, "40 / 500")


def test_the_list_of_mine_says_what_i_come_to_and_leads_to_leaving(site: Site) -> None:
    user = make_user()
    found = make_registration(make_event(site=site), user=user)
    page = browser_of(user).get(url("mine"))
    assertContains(page, found.event.title)
    assertContains(page, url("leave", found.key))
    assertNotContains(page, url("propose"))


def test_an_organiser_takes_a_registration_back(site: Site, volunteer: User) -> None:
    event = make_event(site=site, by=volunteer)
    found = make_registration(event)
    browser_of(volunteer).post(url("withdraw", event.slug, found.pk))
    found.refresh_from_db()
    assert found.state == "cancelled"


def test_the_table_of_who_comes_is_for_who_runs_the_event_and_computes_nothing(
    site: Site, volunteer: User
) -> None:
    event = make_event(site=site, by=volunteer)
    question = make_question(event, label="Un régime ?")
    found = make_registration(event, names=["=1+1", "Zoé Essai"], name="=1+1")
    Answer.objects.create(registration=found, question=question, text="@fromages; sans")
    make_registration(event, state="cancelled", name="Parti Essai")
    address = url("registrations_csv", event.slug)
    answer = browser_of(volunteer).get(address)
    head, line = csv.reader(answer.content.decode("utf-8-sig").splitlines(), delimiter=";")
    row = dict(zip(head, line, strict=True))
    assert (row["Nom"], row["Noms"], row["Places"]) == ("'=1+1", "'=1+1, Zoé Essai", "2")
    assert (row["Un régime ?"], row["État"]) == ("'@fromages; sans", "confirmée")
    assert browser_of(make_user(role="volunteer")).get(address).status_code == 404


def test_who_proposed_an_event_keeps_its_door_and_its_list_but_changes_it_no_more(site: Site) -> None:
    member = make_user()
    membership = make_membership(user=member)
    event = make_event(site=site, by=member, is_proposal=True)
    browser = browser_of(member)
    assertContains(browser.get(url("desk", event.slug)), url("checkin", event.slug))
    assertNotContains(browser.get(url("desk", event.slug)), url("edit", event.slug))
    assert browser.get(url("checkin", event.slug)).status_code == 200
    assert browser.get(url("edit", event.slug)).status_code == 404
    membership.delete()
    assert browser.get(url("checkin", event.slug)).status_code == 404


def test_the_next_event_comes_first_and_the_last_one_over_after_those_to_come() -> None:
    organiser, site, now = make_user(role="volunteer"), make_house(desks=0), timezone.now()
    for title, days in (("Demain", 1), ("Avant-hier", -2), ("Hier", -1), ("Après-demain", 2)):
        make_event(site=site, by=organiser, title=title, starts_at=now + timedelta(days=days))
    page = browser_of(organiser).get(url("mine")).content.decode()
    titles = ("Demain", "Après-demain", "Hier", "Avant-hier")
    assert sorted(titles, key=lambda title: page.index(f">{title}<")) == list(titles)
