"""The door of an event and what comes afterwards, looked at as who may open them, and used on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.calendars import address_of
from events.models import Attendance, Event, Feedback
from events.services.attending import check_in
from members.models import User
from tests.browser import steps
from tests.browser.fixtures import DESKTOP, PHONE, NewPage
from tests.browser.sweep import swept
from tests.browser.world import House
from tests.factories.events import make_event, make_registration, make_ticket
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer", name="Inès Essai")


def at(name: str, *args: object) -> str:
    return reverse(f"events:{name}", args=args)


def make_evening(house: House, by: User) -> Event:
    """An event that is over: someone came, someone did not, someone wrote."""
    start = timezone.now() - timedelta(hours=3)
    event = make_event(
        site=house.site, by=by, starts_at=start, capacity=3, slides_link="https://essai.example/"
    )
    make_ticket(event, name="Soutien", position=1, price="5.00")
    came = make_registration(event, names=["Noé Essai", "Zoé Bellanger-Desmarais de Saint-Aubin"])
    make_registration(event, state="held", name="Camille Attente")
    check_in(seat=came.places.all()[0], by=by, now=timezone.now())
    Feedback.objects.create(event=event, registration=came, rating=4, text="Très clair.", at=timezone.now())
    return event


def test_the_door_and_the_figures_are_swept(new_page: NewPage, house: House, volunteer: User) -> None:
    page, event = new_page(**DESKTOP), make_evening(house, volunteer)
    seat = event.registrations.confirmed().get().places.all()[1]
    steps.sign_in(page, volunteer)
    swept(
        page,
        [at("checkin", event.slug), at("checkin_code", event.slug, seat.code), at("figures", event.slug)],
    )


def test_the_page_of_feedback_is_swept(new_page: NewPage, house: House, volunteer: User) -> None:
    event = make_evening(house, volunteer)
    given = event.registrations.confirmed().get()
    other = make_late(event, volunteer)
    swept(new_page(**DESKTOP), [at("feedback", given.key), at("feedback", other)])


def make_late(event: Event, by: User) -> str:
    """The key of someone who came and has not written yet."""
    Event.objects.filter(pk=event.pk).update(capacity=10)
    event.refresh_from_db()
    found = make_registration(event)
    check_in(seat=found.places.get(), by=by, now=timezone.now())
    return found.key


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_volunteer_notes_arrivals_on_a_phone(
    new_page: NewPage, house: House, volunteer: User, scripts: bool
) -> None:
    page: Page = new_page(**PHONE, java_script_enabled=scripts)
    event = make_event(site=house.site, by=volunteer)
    seat = make_registration(event, name="Noé Essai").places.get()
    steps.sign_in(page, volunteer)
    page.goto(at("checkin", event.slug))
    page.get_by_label("Code du billet").fill(seat.spelt)
    page.locator("#par-code button").click()
    expect(page.get_by_text("Noé Essai est là.")).to_be_visible()
    expect(page.locator("#compte .door-here")).to_have_text("1")
    page.get_by_label("Code du billet").fill(seat.code)
    page.locator("#par-code button").click()
    expect(page.get_by_text("Ce billet a déjà servi à")).to_be_visible()
    assert Attendance.objects.count() == 1
    page.get_by_role("button", name="Défaire l’arrivée").first.click()
    expect(page.get_by_text("est retirée")).to_be_visible()
    page.get_by_label("Prénom et nom").fill("Zoé Essai")
    steps.button(page, "Faire entrer").click()
    expect(page.get_by_text("Zoé Essai est là.")).to_be_visible()
    assert Attendance.objects.get().seat.name == "Zoé Essai"


# Chromium on Linux reads no codes by itself: what the camera shows it is said here instead.
READER = """window.shown = "";
window.BarcodeDetector = class {
  async detect(video) {
    return window.shown && video.srcObject.active ? [{ rawValue: window.shown }] : [];
  }
};"""


def test_a_phone_that_reads_codes_lets_people_in_by_its_camera(
    new_page: NewPage, house: House, volunteer: User
) -> None:
    page: Page = new_page(**PHONE, permissions=["camera"])
    page.add_init_script(READER)
    event = make_event(site=house.site, by=volunteer)
    seats = [make_registration(event, name=name).places.get() for name in ("Noé Essai", "Léa Essai")]
    steps.sign_in(page, volunteer)
    page.goto(at("checkin", event.slug))
    page.locator("[data-camera-start]").click()
    expect(page.locator("#camera video")).to_be_visible()
    for seat in seats:
        page.evaluate("(text) => { window.shown = text }", address_of(seat))
        expect(page.get_by_text(f"{seat.name} est là.")).to_be_visible()
    page.evaluate("(text) => { window.shown = text }", address_of(seats[0]))
    expect(page.get_by_text("Ce billet a déjà servi à")).to_be_visible()
    assert Attendance.objects.count() == 2
    stream = page.evaluate_handle("document.querySelector('#camera video').srcObject")
    page.locator("[data-camera-stop]").click()
    assert not stream.evaluate("(stream) => stream.active")
