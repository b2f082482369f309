"""The agenda: days, month, filters as links, who sees what, and how many queries it takes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories.bookings import make_house
from tests.factories.events import make_category, make_event, make_registration
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db
AGENDA = "/evenements/"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_agenda_lists_what_comes_by_day_with_price_and_seats() -> None:
    event = make_event(title="Midi technique", capacity=3)
    make_registration(event)
    page = Client().get(AGENDA)
    assertContains(page, "Midi technique")
    assertContains(page, "2 places")
    assertContains(page, "Gratuit")
    assertContains(page, event.get_absolute_url())


def test_an_empty_agenda_says_what_to_do() -> None:
    assertContains(Client().get(AGENDA), "Rien au programme pour l’instant")
    assertContains(Client().get(f"{AGENDA}?quand=ce-soir"), "Rien ce soir")
    assertContains(Client().get(f"{AGENDA}?quand=cette-semaine"), "Rien d’ici dimanche")
    assertContains(Client().get(f"{AGENDA}?prix=gratuit"), "Aucun événement ne correspond")


@time_machine.travel(TUESDAY, tick=False)
def test_tonight_and_this_week_are_answered() -> None:
    evening = TUESDAY.replace(hour=18)
    make_event(title="Apéro de ce soir", starts_at=evening)
    make_event(
        title="Midi d’aujourd’hui", starts_at=TUESDAY.replace(hour=11), ends_at=TUESDAY.replace(hour=12)
    )
    make_event(title="Samedi en atelier", starts_at=evening + timedelta(days=4))
    make_event(title="La semaine d’après", starts_at=evening + timedelta(days=7))
    tonight, week = Client().get(f"{AGENDA}?quand=ce-soir"), Client().get(f"{AGENDA}?quand=cette-semaine")
    assertContains(tonight, "Apéro de ce soir")
    assertNotContains(tonight, "Midi d’aujourd’hui")
    assertNotContains(tonight, "Samedi en atelier")
    assertContains(week, "Midi d’aujourd’hui")
    assertContains(week, "Samedi en atelier")
    assertNotContains(week, "La semaine d’après")


def test_filters_are_links_that_add_up_and_come_off_again() -> None:
    talk = make_category("conference", name="Conférence", plural="Conférences", tile="voix")
    make_event(title="Une conférence", category=talk)
    make_event(title="Un atelier payant", ticket={"price": "5.00"})
    page = Client().get(f"{AGENDA}?categorie=conference&quand=cette-semaine&site=nulle-part")
    assertContains(page, f'href="{AGENDA}?quand=cette-semaine"')
    assertContains(page, f"{AGENDA}?quand=cette-semaine&amp;categorie=conference&amp;prix=gratuit")
    only = Client().get(f"{AGENDA}?categorie=conference")
    assertContains(only, "Une conférence")
    assertNotContains(only, "Un atelier payant")
    assertNotContains(Client().get(f"{AGENDA}?prix=gratuit"), "Un atelier payant")


def test_a_site_is_a_filter_once_there_are_two() -> None:
    here, there = make_house(desks=0), make_house(desks=0)
    make_event(title="Ici", site=here)
    make_event(title="Là-bas", site=there)
    page = Client().get(f"{AGENDA}?site={there.code}")
    assertContains(page, "Là-bas")
    assertNotContains(page, ">Ici<")


def test_members_events_drafts_and_planned_ones_stay_out_of_a_visitors_agenda() -> None:
    make_event(title="Entre membres", audience="members")
    make_event(title="Un brouillon", state="draft")
    make_event(title="Pour plus tard", visible_from=timezone.now() + timedelta(days=1))
    page, member = Client().get(AGENDA), make_user()
    for title in ("Entre membres", "Un brouillon", "Pour plus tard"):
        assertNotContains(page, title)
    make_membership(user=member)
    browser = Client()
    browser.force_login(member)
    assertContains(browser.get(AGENDA), "Entre membres")


def test_who_comes_reads_so_and_finds_their_ticket() -> None:
    event, user, browser = make_event(), make_user(), Client()
    found = make_registration(event, user=user)
    browser.force_login(user)
    page = browser.get(AGENDA)
    assertContains(page, "Vous y serez")
    assertContains(page, found.get_absolute_url())


def test_past_events_are_found_and_cancelled_ones_say_so() -> None:
    make_event(title="Il y a peu", starts_at=timezone.now() - timedelta(days=3))
    make_event(title="Tombé à l’eau", state="cancelled")
    assertNotContains(Client().get(AGENDA), "Il y a peu")
    assertContains(Client().get(f"{AGENDA}?quand=passes"), "Il y a peu")
    assertContains(Client().get(AGENDA), "Annulé")


def test_a_month_shows_its_days_and_impossible_months_do_not_exist() -> None:
    event = make_event(title="Ce mois-là")
    local = event.local.start
    page = Client().get(reverse("events:month", args=[local.year, local.month]))
    assertContains(page, "Ce mois-là")
    assertContains(page, f"#jour-{local:%Y-%m-%d}")
    assertContains(Client().get("/evenements/mois/2030-1/"), "Rien ce mois-ci")
    for address in ("2026-13", "2026-0", "99999-1", "1-1"):
        assert Client().get(f"/evenements/mois/{address}/").status_code == 404


def test_only_the_embedded_agenda_may_be_framed_and_it_shows_public_events_only() -> None:
    make_event(title="Pour tout le monde")
    make_event(title="Entre membres", audience="members")
    member, browser = make_user(), Client()
    make_membership(user=member)
    browser.force_login(member)
    page = browser.get(reverse("events:embed"))
    assertContains(page, "Pour tout le monde")
    assertNotContains(page, "Entre membres")
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "X-Frame-Options" not in page
    framed = browser.get(AGENDA)
    assert "frame-ancestors 'none'" in framed["Content-Security-Policy"]
    assert framed["X-Frame-Options"] == "DENY"
