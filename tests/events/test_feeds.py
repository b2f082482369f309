"""Feeds read by strict libraries: calendars, Atom, the map of the site; the next events on « / »."""

import html
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import pytest
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.bookings import make_house
from tests.factories.events import make_category, make_event
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def entries(name: str = "calendar", *args: object) -> dict[str, object]:
    """What a feed holds: title → entry."""
    answer = Client().get(reverse(f"events:{name}", args=args))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(each["SUMMARY"]): each for each in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_the_calendar_holds_each_public_event_with_stable_ids_and_asks_to_be_read_again() -> None:
    event = make_event(title="Midi technique", sequence=3)
    feed = Calendar.from_ical(Client().get(reverse("events:calendar")).content)
    (entry,) = feed.walk("VEVENT")
    assert (str(feed["METHOD"]), feed.decoded("REFRESH-INTERVAL")) == ("PUBLISH", timedelta(hours=1))
    assert str(entry["UID"]).startswith(f"evenement-{event.pk}@")
    assert (entry["SEQUENCE"], entry["STATUS"]) == (3, "CONFIRMED")
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (event.starts_at, event.ends_at)
    assert event.get_absolute_url() in str(entry["URL"])


def test_a_cancelled_event_stays_in_the_calendar_and_says_so() -> None:
    make_event(title="Tombé à l’eau", state="cancelled")
    (entry,) = Calendar.from_ical(Client().get(reverse("events:calendar")).content).walk("VEVENT")
    assert entry["STATUS"] == "CANCELLED"


def test_calendars_hold_nothing_private() -> None:
    make_event(title="Entre membres", audience="members")
    make_event(title="Un brouillon", state="draft")
    make_event(title="Plus tard", visible_from=timezone.now() + timedelta(days=1))
    make_event(title="En ligne", where="online", space=None, online_link="https://visio.example/secret")
    assert list(entries()) == ["En ligne"]
    assertNotContains(Client().get(reverse("events:calendar")), "visio.example")


def test_a_calendar_for_each_category_and_each_site() -> None:
    talk = make_category("conference", name="Conférence", plural="Conférences")
    here, there = make_house(desks=0), make_house(desks=0)
    make_event(title="Conférence ici", site=here, category=talk)
    make_event(title="Atelier là-bas", site=there)
    assert list(entries("category_calendar", "conference")) == ["Conférence ici"]
    assert list(entries("site_calendar", there.code)) == ["Atelier là-bas"]
    assert Client().get(reverse("events:site_calendar", args=["rien"])).status_code == 404


def test_a_calendar_that_did_not_change_is_not_sent_again() -> None:
    make_event()
    address = reverse("events:calendar")
    first = Client().get(address)
    assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    make_event()
    assert Client().get(address, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_atom_is_read_without_complaint_and_is_absolute(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cantine.example"
    event = make_event(title="Grilles & <marges>", tags=["css"])
    make_event(title="Entre membres", audience="members")
    answer = Client().get(reverse("events:atom"))
    read = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert (read.bozo, read.version) == (False, "atom10")
    (entry,) = read.entries
    url = f"https://cantine.example{event.get_absolute_url()}"
    assert (html.unescape(entry.title), entry.id, entry.link) == (event.title, url, url)
    assert entry.updated_parsed
    assert {each.term for each in entry.tags} == {event.category.label, "css"}
    links = [each.href for each in (*read.feed.links, *entry.links)]
    assert all(link.startswith("https://cantine.example/") for link in links)


def test_an_event_shown_later_is_new_the_day_it_is_shown() -> None:
    now = timezone.now()
    make_event(title="Publié hier", now=now - timedelta(days=1))
    shown = now - timedelta(hours=1)
    soon, then = now + timedelta(days=9), now - timedelta(days=20)
    make_event(title="Montré ce matin", visible_from=shown, starts_at=soon, now=then)
    entries = feedparser.parse(Client().get(reverse("events:atom")).content).entries
    assert [each.title for each in entries] == ["Montré ce matin", "Publié hier"]
    assert entries[0].published_parsed[:5] == shown.utctimetuple()[:5]


def test_the_map_lists_public_events_and_robots_find_it(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cantine.example"
    event, hidden = make_event(), make_event(audience="members")
    root = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    found = [each.text for each in root.iter(f"{MAP}loc")]
    assert f"https://cantine.example{event.get_absolute_url()}" in found
    assert f"https://cantine.example{hidden.get_absolute_url()}" not in found
    assertContains(Client().get("/robots.txt"), "Sitemap: https://cantine.example/sitemap.xml")
    assert Client().get("/favicon.ico")["Location"] == static("img/favicon.svg")


def test_the_next_three_events_are_on_both_faces_of_the_home_page() -> None:
    for number in range(4):
        make_event(title=f"Soirée {number}", starts_at=timezone.now() + timedelta(days=number + 1))
    make_event(title="Entre membres", audience="members", starts_at=timezone.now() + timedelta(hours=1))
    page, member, browser = Client().get("/"), make_user(), Client()
    assertContains(page, "Soirée 2")
    assertNotContains(page, "Soirée 3")
    assertNotContains(page, "Entre membres")
    make_membership(user=member)
    browser.force_login(member)
    assertContains(browser.get("/"), "Entre membres")


def test_the_home_page_asks_no_more_for_many_events(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    site, user = make_house(desks=0), make_user(role="volunteer")
    for _number in range(12):
        make_event(site=site, by=user)
    with django_assert_max_num_queries(30) as first:
        Client().get("/")
    tables = [each["sql"] for each in first.captured_queries if '"events_' in each["sql"]]
    assert len(tables) == 2
