"""Writing an event on one page: published, sent for review, corrected."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from bookings.models import Booking, Site
from bookings.period import Period
from cantine.roles import take_role
from events.models import Event, Registration
from members.models import User
from tests.events.publishing.steps import DAY, browser_of, typed, url
from tests.factories.bookings import make_plain_booking
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db


def test_publishes_from_nothing_on_one_page(site: Site, volunteer: User) -> None:
    browser = browser_of(volunteer)
    assertContains(browser.get(url("propose")), "libre toute la journée")
    answer = browser.post(url("propose"), typed(site, do="publish"))
    event = Event.objects.get()
    assertRedirects(answer, url("desk", event.slug))
    assert (event.state, event.rooms.get().booking.state) == ("published", "confirmed")
    assert event.local.start.strftime("%H:%M") == "12:30"
    assertContains(Client().get(event.get_absolute_url()), "<strong>une page</strong>")


def test_what_was_typed_stays_and_the_summary_says_what_is_missing(site: Site, volunteer: User) -> None:
    page = browser_of(volunteer).post(url("propose"), typed(site, title="", do="publish"))
    assertContains(page, "Une réponse est à revoir", status_code=422)
    assertContains(page, "Apportez **une page**.", status_code=422)
    assert not Event.objects.exists()


def test_looking_shows_rooms_and_preview_and_keeps_nothing(site: Site, volunteer: User) -> None:
    room = site.spaces.get(code="a")
    day = make_event(site=site, starts_at=timezone.now() + timedelta(days=10)).local.start.date()
    event = Event.objects.get()
    make_plain_booking(space=room, period=event.period)
    data = typed(
        site, do="look", day=day.isoformat(), starts=event.local.start.strftime("%H:%M"), ends="23:00"
    )
    page = browser_of(volunteer).post(url("propose"), data)
    assertContains(page, "prise")
    assertContains(page, "<strong>une page</strong>")
    assert Event.objects.count() == 1


def test_fragments_for_the_script_say_the_same(site: Site, volunteer: User) -> None:
    browser = browser_of(volunteer)
    assertContains(browser.post(url("preview"), typed(site)), "Midi technique")
    assertContains(browser.post(url("rooms"), typed(site)), "libre toute la journée")
    assertContains(browser.post(url("rooms"), {"site": site.pk}), "Choisissez un jour")
    assert not Event.objects.exists()


def test_a_taken_room_keeps_the_draft_and_says_so(site: Site, volunteer: User) -> None:
    browser = browser_of(volunteer)
    browser.post(url("propose"), typed(site, do="publish"))
    answer = browser.post(url("propose"), typed(site, title="Autre atelier", do="publish"))
    other = Event.objects.get(title="Autre atelier")
    assertRedirects(answer, url("edit", other.slug), fetch_redirect_response=False)
    assertContains(browser.get(url("edit", other.slug)), "La salle est déjà prise")
    assert (other.state, Booking.objects.active().count()) == ("draft", 1)


def test_a_member_sends_for_review_and_the_reviewer_answers(site: Site) -> None:
    member, manager = make_user(), make_user(role="manager")
    make_membership(user=member)
    assertContains(browser_of(member).get(url("propose")), "Envoyer pour relecture")
    browser_of(member).post(url("propose"), typed(site, do="submit"))
    event, desk = Event.objects.get(), browser_of(manager)
    assert event.state == "submitted"
    assertContains(desk.get(url("mine")), "À relire")
    refused = desk.post(url("decide", event.slug), {"do": "send_back", "comment": " "})
    assertContains(refused, "Dites en quelques mots", status_code=409)
    desk.post(url("decide", event.slug), {"do": "send_back", "comment": "Quel niveau ?"})
    assertContains(browser_of(member).get(url("desk", event.slug)), "Quel niveau ?")
    browser_of(member).post(url("decide", event.slug), {"do": "submit"})
    desk.post(url("decide", event.slug), {"do": "publish", "comment": "Merci"})
    event.refresh_from_db()
    assert event.state == "published"
    assert browser_of(member).get(url("edit", event.slug)).status_code == 404


def test_who_may_not_propose_is_told_no(site: Site) -> None:
    browser = browser_of(make_user())
    assert browser.get(url("propose")).status_code == 403
    assert browser.post(url("propose"), typed(site, do="publish")).status_code == 403
    assert not Event.objects.exists()


def test_someone_elses_event_is_not_there_and_a_former_volunteers_neither(
    site: Site, volunteer: User
) -> None:
    event = make_event(site=site, by=volunteer)
    found = make_registration(event)
    names: list[tuple[Any, ...]] = [("edit", event.slug), ("desk", event.slug), ("cancel_event", event.slug)]
    pages = [*names, ("withdraw", event.slug, found.pk)]
    other, former = browser_of(make_user(role="volunteer")), browser_of(volunteer)
    assert {former.get(url(*page)).status_code for page in pages} == {200}
    take_role(user=volunteer, role="volunteer", by=None)
    for browser in (other, former):
        assert {browser.get(url(*page)).status_code for page in pages} == {404}
        assert {browser.post(url(*page)).status_code for page in pages if page[0] != "desk"} == {404}
    event.refresh_from_db()
    assert (event.state, Registration.objects.get().state) == ("published", "confirmed")


def test_editing_shows_what_was_written_and_changes_it(site: Site, volunteer: User) -> None:
    browser = browser_of(volunteer)
    extra = {
        "speakers": "Zoé Essai, cuisine\nLuc Essai",
        "partners": "Essai SARL, essai.example",
        "tags": "Web, CSS, web",
    }
    asked = {"question-0-label": "Régime ?", "question-0-kind": "choice", "question-0-choices": "Avec, Sans"}
    browser.post(url("propose"), typed(site, do="publish", **extra, **asked))
    event = Event.objects.get()
    assert (event.tags, event.speakers.count(), event.partners.get().link) == (
        ["web", "css"],
        2,
        "https://essai.example",
    )
    page = browser.get(url("edit", event.slug))
    for text in (
        "Zoé Essai, cuisine",
        "Régime ?",
        "Avec, Sans",
        f'value="{DAY.isoformat()}"',
        'value="12:30"',
    ):
        assertContains(page, text)
    ticket, question = event.tickets.get(), event.questions.get()
    again = {
        **extra,
        **asked,
        "tarif-0-pk": ticket.pk,
        "question-0-pk": question.pk,
        "title": "Nouveau titre",
    }
    answer = browser.post(url("edit", event.slug), typed(site, do="save", **again))
    assertRedirects(answer, url("desk", event.slug))
    event.refresh_from_db()
    assert (event.title, event.tickets.get(), event.questions.get()) == ("Nouveau titre", ticket, question)


def test_ends_after_midnight_is_the_next_day(site: Site, volunteer: User) -> None:
    browser_of(volunteer).post(url("propose"), typed(site, starts="20:00", ends="00:30", do="publish"))
    event = Event.objects.get()
    assert event.period.length == timedelta(hours=4, minutes=30)
    assert Period(event.starts_at, event.ends_at).length < timedelta(days=1)


def test_all_that_is_missing_to_publish_is_said_at_once(site: Site, volunteer: User) -> None:
    answer = browser_of(volunteer).post(url("propose"), {**typed(site, space="", title=""), "do": "publish"})
    assertContains(answer, "Choisissez une salle.", status_code=422)
    assert {"title", "space"} <= set(answer.context["main"].errors)


def test_an_end_before_the_start_is_a_mistake_but_for_one_at_night(site: Site, volunteer: User) -> None:
    answer = browser_of(volunteer).post(url("propose"), typed(site, starts="20:00", ends="19:00"))
    assertContains(answer, "La fin doit venir après le début.", status_code=422)


def test_the_organiser_is_told_how_many_are_told_of_a_change(site: Site, volunteer: User) -> None:
    event = make_event(site=site, by=volunteer, room=True)
    make_registration(event)
    desk = browser_of(volunteer)
    starts = event.local.start
    data = typed(
        site, title=event.title, day=starts.date(), starts="14:00", ends="15:00", space=event.space_id
    )
    answer = desk.post(url("edit", event.slug), {**data, "do": "save"}, follow=True)
    assertContains(answer, "1 inscription est prévenue du changement")


def test_a_date_gone_by_is_said_along_with_the_rest(site: Site, volunteer: User) -> None:
    answer = browser_of(volunteer).post(url("propose"), {**typed(site, day="2026-01-05"), "do": "publish"})
    assertContains(answer, "Cette date est passée.", status_code=422)
