"""Events on a phone: published from nothing, registered for, waited for, paid and taken back."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from billing.models import Order, Refund
from billing.payments.services import start_checkout
from billing.settlement.settling import read_return
from events.models import Event, Registration
from events.services.registering import register
from members.models import User
from tests.browser import steps
from tests.browser.hands import work
from tests.browser.world import House, make_house
from tests.factories.events import make_category, make_event, make_registration, make_ticket
from tests.factories.members import make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]
ODILE = "odile@cantine.example"
STEPS_TO_PUBLISH = 7
"""Title, description, day, start, end, room, button."""


@pytest.fixture
def house() -> House:
    make_category()  # those of the migration go with the first flush
    return make_house()


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer", name="Inès Essai")


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def sign_up(page: Page, event: Event, name: str, address: str, button: str = "Réserver ma place") -> None:
    page.goto(event.get_absolute_url())
    page.get_by_label("Prénom et nom").fill(name)
    page.get_by_label("Adresse électronique").fill(address)
    steps.button(page, button).click()


def propose(page: Page, volunteer: User, day: date) -> None:
    """Type what is proposed, up to the day; hours and room are still to come."""
    steps.sign_in(page, volunteer)
    page.goto("/evenements/proposer/")
    answers = [
        ("Titre", "Midi technique"),
        ("Description", "Apportez **une page**."),
        ("Jour", day.isoformat()),
    ]
    for label, text in answers:
        page.get_by_label(label, exact=False).first.fill(text)
    assert len(answers) + 4 == STEPS_TO_PUBLISH


def type_hours(page: Page) -> None:
    page.get_by_label("Début", exact=True).fill("12:30")
    page.get_by_label("Fin", exact=True).fill("13:45")


def publish(page: Page, house: House) -> None:
    """Publish what is proposed: everyone may read it, and its room is taken."""
    steps.button(page, "Publier").click()
    heading(page, "Midi technique")
    event = Event.objects.get()
    assert (event.state, event.rooms.get().booking.space) == ("published", house.room("pommier"))
    page.goto(event.get_absolute_url())
    expect(page.get_by_text("une page")).to_be_visible()


def test_a_volunteer_publishes_from_nothing_without_scripts(
    phone_without_script: Page, house: House, volunteer: User
) -> None:
    page = phone_without_script
    propose(page, volunteer, house.tomorrow + timedelta(days=7))
    type_hours(page)
    page.get_by_role("radio", name="Salle Pommier").check()
    publish(page, house)


def test_a_room_chosen_before_the_free_times_come_stays_chosen_and_is_published(
    phone: Page, house: House, volunteer: User
) -> None:
    page, asked = phone, list[Route]()
    propose(page, volunteer, house.tomorrow + timedelta(days=7))
    expect(page.locator("#apercu strong")).to_have_text("une page")
    page.wait_for_load_state("networkidle")  # the free times of the day as it was
    page.route("**/evenements/salles/", partial(list.append, asked))
    with page.expect_request("**/evenements/salles/"):
        type_hours(page)
    room = page.get_by_role("radio", name="Salle Pommier")
    room.check()
    page.locator("#salles fieldset").evaluate("list => { list.id = 'before'; }")
    asked[0].continue_()
    expect(page.locator("#before")).to_have_count(0)
    expect(room).to_be_checked()
    publish(page, house)


def test_a_guest_registers_without_script_and_the_ticket_comes_by_email(
    phone_without_script: Page, house: House, volunteer: User
) -> None:
    event, page = make_event(site=house.site, by=volunteer), phone_without_script
    sign_up(page, event, "Odile Essai", ODILE)
    heading(page, "Vous y serez")
    expect(page.get_by_role("img", name="Code QR du billet")).to_be_visible()
    work()
    steps.open_letter(page, ODILE, "Vos billets")
    expect(page.get_by_role("main").locator("a[download]").first).to_be_visible()


def test_sold_out_then_waiting_then_offered_then_taken(phone: Page, house: House, volunteer: User) -> None:
    event, page = make_event(site=house.site, by=volunteer, capacity=1), phone
    first = make_registration(event)
    sign_up(page, event, "Odile Essai", ODILE, "Rejoindre la liste d’attente")
    heading(page, "Vous êtes sur la liste d’attente")
    page.context.clear_cookies()  # someone else, by the link of theirs
    page.goto(f"{first.get_absolute_url()}annuler/")
    steps.button(page, "Annuler mon inscription").click()
    heading(page, "Inscription annulée")
    work()
    offered = Registration.objects.get(state="held").get_absolute_url()
    assert offered in steps.letter_to(ODILE, "Une place pour vous").text
    page.goto(offered)
    steps.button(page, "Prendre ma place").click()
    heading(page, "Vous y serez")
    event.refresh_from_db()
    assert event.seats_taken == 1


def sold(house: House, volunteer: User) -> Event:
    """An event whose seats cost 12 €."""
    starts = timezone.now() + timedelta(days=20)
    event = make_event(site=house.site, by=volunteer, tickets=False, starts_at=starts)
    make_ticket(event, price="12.00")
    return event


def test_a_guest_pays_and_gives_the_seat_back(
    phone: Page, house: House, volunteer: User, standin: Standin
) -> None:
    event, page = sold(house, volunteer), phone
    sign_up(page, event, "Odile Essai", ODILE, "Continuer vers le paiement")
    heading(page, "Payer")
    if (start := page.locator("input[name=start]")).count():
        start.check()
    steps.button(page, "Payer 12,00").click()
    steps.pay_by_card(page)
    heading(page, "Vous y serez")
    steps.link(page, "Annuler mon inscription").click()
    expect(page.get_by_text("12,00\u00a0€ vous sont rendus")).to_be_visible()
    steps.button(page, "Annuler mon inscription").click()
    heading(page, "Inscription annulée")
    work()
    assert Refund.objects.get().state == "succeeded"
    assert [each["amount"] for each in standin.refunds()] == [1200]


def take_a_seat(event: Event, standin: Standin) -> None:
    """A guest has a seat, and has paid it by card: the journey above, without its pages."""
    now = timezone.now()
    ticket = event.tickets.get()
    register(event=event, ticket=ticket, name="Odile Essai", email=ODILE, language="fr", now=now)
    order = Order.objects.get()
    start_checkout(order=order, by=None, now=now)
    session = order.payments.get().session_id
    standin.pay(session)
    read_return(order=order, session_id=session, now=timezone.now())


def test_a_volunteer_cancels_a_paid_event_and_who_paid_is_told_and_repaid(
    phone: Page, house: House, volunteer: User, standin: Standin
) -> None:
    event, page = sold(house, volunteer), phone
    take_a_seat(event, standin)
    steps.sign_in(page, volunteer)
    page.goto("/evenements/mes-evenements/")
    steps.link(page, event.title).click()
    steps.link(page, "Annuler l’événement").click()
    expect(page.get_by_text("1 personne est prévenue, et remboursée")).to_be_visible()
    page.get_by_label("Ce que vous dites").fill("L’oratrice est souffrante.")
    steps.button(page, "Annuler l’événement").click()
    expect(page.get_by_text("chaque personne inscrite est prévenue")).to_be_visible()
    work()
    assert "L’oratrice est souffrante." in steps.plain(steps.letter_to(ODILE, "Annulé :").text)
    assert [each["amount"] for each in standin.refunds()] == [1200]
