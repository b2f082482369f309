"""The pages of publishing: one page, the rooms' free times, a preview, review, the desk; without script."""

import csv
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.models import Booking, Site
from bookings.period import Period
from cantine.roles import take_role
from events.album import ALBUM
from events.models import Answer, Event, Registration
from members.models import User
from tests.factories.bookings import make_house, make_plain_booking
from tests.factories.events import make_category, make_event, make_question, make_registration
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
DAY = timezone.localdate() + timedelta(days=10)


@pytest.fixture
def site() -> Site:
    return make_house(desks=0)


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer", name="Inès Essai")


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def url(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def typed(site: Site, **fields: Any) -> dict[str, Any]:
    """What the page sends when its few fields are filled in."""
    data: dict[str, Any] = {
        "title": "Midi technique",
        "category": make_category().pk,
        "description": "Apportez **une page**.",
        "day": DAY.isoformat(),
        "starts": "12:30",
        "ends": "13:45",
        "site": site.pk,
        "where": "room",
        "space": site.spaces.get(code="a").pk,
        "tarif-0-pricing": "free",
        "audience": "public",
        "language": "fr",
        "setup_minutes": "30",
        "clearing_minutes": "15",
        "refund_hours": "24",
        "has_waiting_list": "on",
        **{f"tarif-{n}-limit": "4" for n in range(3)},
        **{f"question-{n}-kind": "text" for n in range(4)},
    }
    return {**data, **fields}


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
    assertContains(browser.get(url("edit", other.slug)), "Ce créneau vient d’être pris")
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


def picture(size: tuple[int, int] = (900, 600)) -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", size, "teal").save(drawn, "PNG")
    return SimpleUploadedFile("photo.png", drawn.getvalue(), "image/png")


def test_a_picture_needs_its_sentence_and_is_shown_to_those_who_may_read_the_event(
    site: Site, volunteer: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(volunteer)
    page = browser.post(url("propose"), typed(site, do="publish", picture=picture()))
    assertContains(page, "Décrivez l’image", status_code=422)
    assert not Event.objects.exists()
    browser.post(url("propose"), typed(site, do="save", picture=picture(), picture_alt="Une table bleue"))
    event = Event.objects.get()
    address = url("picture", event.picture)
    assert Client().get(address).status_code == 404
    shown = browser.get(address)
    assert (shown.status_code, shown["Content-Type"], (event.picture_width, event.picture_height)) == (
        200,
        "image/jpeg",
        (900, 600),
    )
    browser.post(url("decide", event.slug), {"do": "publish"})
    assert "public" in Client().get(address)["Cache-Control"]


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


def test_a_picture_outlives_what_is_to_be_corrected_elsewhere(
    site: Site, volunteer: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(volunteer)
    wrong = typed(site, title="", do="save", picture=picture(), picture_alt="Une table")
    page = browser.post(url("propose"), wrong)
    assertContains(page, "Votre image est gardée", status_code=422)
    again = {"kept_picture": page.context["main"].picture_ticket, "picture_alt": "Une table"}
    browser.post(url("propose"), typed(site, do="save", **again))
    assert (Event.objects.get().picture_width, Event.objects.get().picture_alt) == (900, "Une table")


def test_a_forged_word_brings_back_no_picture(site: Site, volunteer: User) -> None:
    browser_of(volunteer).post(url("propose"), typed(site, do="save", kept_picture="W1tdXQ:forged:word"))
    assert Event.objects.get().picture == ""


def test_pictures_that_no_event_shows_are_dropped_after_two_days(
    site: Site, volunteer: User, settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    browser = browser_of(volunteer)
    browser.post(url("propose"), typed(site, do="save", picture=picture(), picture_alt="Une table"))
    left = typed(site, title="", do="save", picture=picture((640, 480)), picture_alt="Une autre")
    browser.post(url("propose"), left)
    assert len(list((tmp_path / "events").iterdir())) == 4
    used, now = Event.objects.pictures(), timezone.now()
    assert ALBUM.drop_unused(used, now=now) == 0
    assert ALBUM.drop_unused(used, now=now + timedelta(days=3)) == 2
    assert {each.name for each in (tmp_path / "events").iterdir()} == used


def test_the_next_event_comes_first_and_the_last_one_over_after_those_to_come() -> None:
    organiser, site, now = make_user(role="volunteer"), make_house(desks=0), timezone.now()
    for title, days in (("Demain", 1), ("Avant-hier", -2), ("Hier", -1), ("Après-demain", 2)):
        make_event(site=site, by=organiser, title=title, starts_at=now + timedelta(days=days))
    page = browser_of(organiser).get(url("mine")).content.decode()
    titles = ("Demain", "Après-demain", "Hier", "Avant-hier")
    assert sorted(titles, key=lambda title: page.index(f">{title}<")) == list(titles)


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
