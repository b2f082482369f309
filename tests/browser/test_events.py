"""Events on a phone: published from nothing, registered for, waited for, paid and taken back."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from billing.models import Refund
from events.models import Event, Registration
from members.models import User
from tests.browser import steps
from tests.browser.fixtures import PHONE, NewPage
from tests.browser.hands import work
from tests.browser.world import House, make_house
from tests.factories.events import make_category, make_event, make_registration, make_ticket
from tests.factories.members import make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
STEPS_TO_PUBLISH = 7
"""Title, description, day, start, end, room, button."""


@pytest.fixture
def house() -> House:
    make_category()  # those of the migration go with the first flush
    return make_house()


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer", name="Inès Essai")


def phone(new_page: NewPage, scripts: bool = True) -> Page:
    return new_page(**PHONE, java_script_enabled=scripts)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def sign_up(page: Page, event: Event, name: str, address: str, button: str = "Réserver ma place") -> None:
    page.goto(event.get_absolute_url())
    page.get_by_label("Prénom et nom").fill(name)
    page.get_by_label("Adresse électronique").fill(address)
    steps.button(page, button).click()


@SCRIPTS
def test_a_volunteer_publishes_from_nothing(
    new_page: NewPage, house: House, volunteer: User, scripts: bool
) -> None:
    page, day = phone(new_page, scripts), house.tomorrow + timedelta(days=7)
    steps.sign_in(page, volunteer)
    page.goto("/evenements/proposer/")
    answers = [
        ("Titre", "Midi technique"),
        ("Description", "Apportez **une page**."),
        ("Jour", day.isoformat()),
    ]
    for label, text in [*answers, ("Début", "12:30"), ("Fin", "13:45")]:
        page.get_by_label(label, exact=False).first.fill(text)
    if scripts:
        expect(page.locator("#apercu strong")).to_have_text("une page")
    page.get_by_role("radio", name="Salle Pommier").check()
    assert len(answers) + 4 == STEPS_TO_PUBLISH
    steps.button(page, "Publier").click()
    heading(page, "Midi technique")
    event = Event.objects.get()
    assert (event.state, event.rooms.get().booking.space) == ("published", house.room("pommier"))
    page.goto(event.get_absolute_url())
    expect(page.get_by_text("une page")).to_be_visible()


def test_a_room_chosen_before_the_free_times_come_stays_chosen(
    new_page: NewPage, house: House, volunteer: User
) -> None:
    page, asked = phone(new_page), list[Route]()
    steps.sign_in(page, volunteer)
    page.goto("/evenements/proposer/")
    page.route("**/evenements/salles/", partial(list.append, asked))
    with page.expect_request("**/evenements/salles/"):
        page.get_by_label("Début", exact=True).fill("12:30")
        page.get_by_label("Fin", exact=True).fill("13:45")
    room = page.get_by_role("radio", name="Salle Pommier")
    room.check()
    page.locator("#salles fieldset").evaluate("list => { list.id = 'before'; }")
    asked[0].continue_()
    expect(page.locator("#before")).to_have_count(0)
    expect(room).to_be_checked()


@SCRIPTS
def test_a_guest_registers_and_the_ticket_comes_by_email(
    new_page: NewPage, house: House, volunteer: User, scripts: bool
) -> None:
    event, page = make_event(site=house.site, by=volunteer), phone(new_page, scripts)
    sign_up(page, event, "Odile Essai", "odile@cantine.example")
    heading(page, "Vous y serez")
    expect(page.get_by_role("img", name="Code QR du billet")).to_be_visible()
    work()
    steps.open_letter(page, "odile@cantine.example", "Vos billets")
    expect(page.get_by_role("main").locator("a[download]").first).to_be_visible()


def test_sold_out_then_waiting_then_offered_then_taken(
    new_page: NewPage, house: House, volunteer: User
) -> None:
    event, page = make_event(site=house.site, by=volunteer, capacity=1), phone(new_page)
    first = make_registration(event)
    sign_up(page, event, "Odile Essai", "odile@cantine.example", "Rejoindre la liste d’attente")
    heading(page, "Vous êtes sur la liste d’attente")
    leaving = phone(new_page)
    leaving.goto(f"{first.get_absolute_url()}annuler/")
    steps.button(leaving, "Annuler mon inscription").click()
    heading(leaving, "Inscription annulée")
    work()
    steps.open_letter(page, "odile@cantine.example", "Une place pour vous")
    page.goto(Registration.objects.get(state="held").get_absolute_url())
    steps.button(page, "Prendre ma place").click()
    heading(page, "Vous y serez")
    event.refresh_from_db()
    assert event.seats_taken == 1


def pays(page: Page, house: House, volunteer: User) -> Event:
    """A guest takes a seat at 12 €, and is told it is theirs."""
    starts = timezone.now() + timedelta(days=20)
    event = make_event(site=house.site, by=volunteer, tickets=False, starts_at=starts)
    make_ticket(event, price="12.00")
    sign_up(page, event, "Odile Essai", "odile@cantine.example", "Continuer vers le paiement")
    heading(page, "Payer")
    if (start := page.locator("input[name=start]")).count():
        start.check()
    steps.button(page, "Payer 12,00").click()
    steps.pay_by_card(page)
    heading(page, "Vous y serez")
    return event


def test_a_guest_pays_and_gives_the_seat_back(
    new_page: NewPage, house: House, volunteer: User, standin: Standin
) -> None:
    page = phone(new_page)
    pays(page, house, volunteer)
    steps.link(page, "Annuler mon inscription").click()
    expect(page.get_by_text("12,00\u00a0€ vous sont rendus")).to_be_visible()
    steps.button(page, "Annuler mon inscription").click()
    heading(page, "Inscription annulée")
    work()
    assert Refund.objects.get().state == "succeeded"
    assert [each["amount"] for each in standin.refunds()] == [1200]


def test_a_volunteer_cancels_a_paid_event_and_who_paid_is_told_and_repaid(
    new_page: NewPage, house: House, volunteer: User, standin: Standin
) -> None:
    guest, page = phone(new_page), phone(new_page)
    event = pays(guest, house, volunteer)
    steps.sign_in(page, volunteer)
    page.goto("/evenements/mes-evenements/")
    steps.link(page, event.title).click()
    steps.link(page, "Annuler l’événement").click()
    expect(page.get_by_text("1 personne est prévenue, et remboursée")).to_be_visible()
    page.get_by_label("Ce que vous dites").fill("L’oratrice est souffrante.")
    steps.button(page, "Annuler l’événement").click()
    expect(page.get_by_text("chaque personne inscrite est prévenue")).to_be_visible()
    work()
    steps.open_letter(guest, "odile@cantine.example", "Annulé :")
    expect(guest.get_by_text("L’oratrice est souffrante.").first).to_be_visible()
    assert [each["amount"] for each in standin.refunds()] == [1200]
