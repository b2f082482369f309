"""In whose name: what the booking pages offer, keep, remember and refuse."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.models import Customer, Document, Order
from bookings.models import Booking, Occupancy
from members.models import Affiliation, Message, User
from tests.factories.billing import make_customer, make_organisation_customer
from tests.factories.members import make_membership, make_organisation, make_user
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db
DESK = {"moment": "matin", "poste": "2"}
HOURS = {"salle": "pommier", "de": "14:00", "a": "16:00", "vu": "14:00-16:00"}
SELECT = 'id="client"'


@pytest.fixture
def place() -> Place:
    """A Tuesday within the fourteen days of a consumer."""
    made = make_place()
    return Place(made.site, made.day - timedelta(days=7))


@pytest.fixture
def user() -> User:
    return make_user(name="Inès Essai")


@pytest.fixture
def company(user: User) -> Customer:
    """An organisation with terms that lets `user` spend."""
    return make_organisation_customer(make_organisation(user, name="Atelier Essai"))


@pytest.fixture
def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def desks(place: Place) -> str:
    return f"/essai/reserver/{place.day}/"


def rooms(place: Place) -> str:
    return f"/essai/salles/{place.day}/"


def assert_nothing_is_written() -> None:
    assert not Booking.objects.exists()
    assert not Order.objects.exists()
    assert not Occupancy.objects.exists()
    assert not Document.objects.exists()
    assert not Message.objects.exists()


def test_without_a_choice_nothing_is_asked(signed_in: Client, place: Place) -> None:
    text = signed_in.get(desks(place), DESK).content.decode()
    assert SELECT not in text
    assert "client=" not in text


def test_a_visitor_is_not_asked_and_keeps_what_the_address_says(client: Client, place: Place) -> None:
    text = client.get(desks(place), {**DESK, "client": "7"}).content.decode()
    assert SELECT not in text
    assert "client%3D7" in text


def test_the_payer_chosen_gives_its_price_its_terms_and_stays_in_every_link(
    signed_in: Client, place: Place, company: Customer
) -> None:
    make_membership(organisation=company.organisation)
    own = signed_in.get(desks(place), {**DESK, "client": "moi"}).content.decode()
    assert "Réserver le poste 2" in own
    theirs = signed_in.get(desks(place), {**DESK, "client": str(company.pk)}).content.decode()
    assert f'<option value="{company.pk}" selected>Atelier Essai</option>' in theirs
    assert "Réserver et payer sur facture" in theirs
    assert "7,00" in theirs
    assert "Tarif hors membres" not in theirs
    assert f'name="client_vu" value="{company.pk}"' in theirs
    for other in ("moment=apres-midi", "poste=3", "equipement=fenetre-essai"):
        line = next(part for part in theirs.split('href="') if other in part.partition('"')[0])
        assert f"client={company.pk}" in line.partition('"')[0]


def test_an_organisation_books_at_once_and_is_invoiced_with_the_person_named(
    signed_in: Client, place: Place, company: Customer, user: User
) -> None:
    answer = signed_in.post(desks(place), {**DESK, "client": company.pk, "client_vu": company.pk})
    booking = Booking.objects.get()
    assert answer["Location"] == f"/moi/reservations/{booking.reference}/"
    assert (booking.state, booking.customer, booking.booked_by) == ("confirmed", company, user)
    document = Document.objects.get()
    assert (document.customer, document.due_on) == (company, timezone.localdate() + timedelta(30))
    assert booking.line is not None
    assert "Inès Essai" in booking.line.detail
    assert booking.line.order.start_requested_at is None
    assert "Au nom de Atelier Essai" in said(signed_in.get("/moi/reservations/").content.decode())
    assert "Atelier Essai" in signed_in.get(answer["Location"]).content.decode()
    assert document.number in signed_in.get("/moi/factures/").content.decode()


def test_a_colleague_who_may_spend_sees_who_comes(
    client: Client, signed_in: Client, place: Place, company: Customer
) -> None:
    signed_in.post(desks(place), {**DESK, "client": str(company.pk)})
    colleague = make_user()
    assert company.organisation is not None
    Affiliation.objects.create(organisation=company.organisation, user=colleague, may_pay=True)
    client.force_login(colleague)
    text = said(client.get("/moi/reservations/").content.decode())
    assert "Au nom de Atelier Essai, pour Inès Essai" in text


def test_the_room_of_an_organisation_without_terms_is_paid_in_its_name(
    signed_in: Client, place: Place, company: Customer
) -> None:
    Customer.objects.filter(pk=company.pk).update(terms_days=None)
    answer = signed_in.post(rooms(place), {**HOURS, "client": company.pk, "client_vu": company.pk})
    assert Booking.objects.get().state == "held"
    text = said(signed_in.get(answer["Location"]).content.decode())
    assert "Facture au nom de <b>Atelier Essai</b>" in text
    assert "Je demande" not in text


def test_the_last_payer_is_remembered_but_a_form_that_names_nobody_is_ones_own(
    signed_in: Client, place: Place, company: Customer
) -> None:
    assert f'value="{company.pk}" selected' not in signed_in.get(desks(place)).content.decode()
    signed_in.post(desks(place), {**DESK, "client": str(company.pk)})
    assert f'value="{company.pk}" selected' in signed_in.get(desks(place)).content.decode()
    assert f'value="{company.pk}" selected' in signed_in.get(rooms(place)).content.decode()
    signed_in.post(desks(place), {"moment": "apres-midi", "poste": "2"})
    assert Booking.objects.filter(customer__kind="user", state="held").count() == 1


def test_a_payer_remembered_who_no_longer_lets_one_spend_is_forgotten(
    signed_in: Client, place: Place, company: Customer, user: User
) -> None:
    signed_in.post(desks(place), {**DESK, "client": str(company.pk)})
    Affiliation.objects.filter(user=user).update(may_pay=False)
    answer = signed_in.get(desks(place))
    assert answer.status_code == 200
    assert SELECT not in answer.content.decode()


@pytest.mark.parametrize("form", [DESK, {"moment": "journee", "poste": "libre"}])
def test_a_payer_changed_without_script_is_shown_with_its_price_first(
    signed_in: Client, place: Place, company: Customer, form: dict[str, str]
) -> None:
    answer = signed_in.post(desks(place), {**form, "client": company.pk, "client_vu": "moi"})
    assert answer.status_code == 302
    assert f"client={company.pk}" in answer["Location"]
    assert f"poste={form['poste']}" in answer["Location"]
    assert_nothing_is_written()


def test_a_payer_changed_on_the_rooms_page_is_shown_first_too(
    signed_in: Client, place: Place, company: Customer
) -> None:
    answer = signed_in.post(rooms(place), {**HOURS, "client": company.pk, "client_vu": "moi"})
    assert f"client={company.pk}" in answer["Location"]
    assert_nothing_is_written()


def test_a_payer_that_is_not_ones_own_is_not_found_and_nothing_is_written(
    signed_in: Client, place: Place, company: Customer, user: User
) -> None:
    stranger = str(make_organisation_customer(make_organisation(make_user())).pk)
    make_organisation_customer(make_organisation(user, may_pay=False))
    for page, form in ((desks(place), DESK), (rooms(place), HOURS)):
        for word in (stranger, "0", "99999999999999999999999", "-1", "²", "x", "1 OR 1=1"):
            named = {**form, "client": word}
            assert (word, signed_in.get(page, named).status_code) == (word, 404)
            assert (word, signed_in.post(page, named).status_code) == (word, 404)
        seen = {**form, "client": stranger, "client_vu": stranger}
        assert signed_in.post(page, seen).status_code == 404
    assert_nothing_is_written()


def test_an_affiliation_that_may_not_spend_offers_nothing(
    signed_in: Client, place: Place, user: User
) -> None:
    company = make_organisation_customer(make_organisation(user, may_pay=False))
    assert SELECT not in signed_in.get(desks(place)).content.decode()
    assert signed_in.post(desks(place), {**DESK, "client": str(company.pk)}).status_code == 404
    assert_nothing_is_written()


def test_options_are_counted_for_each_payer(signed_in: Client, place: Place, company: Customer) -> None:
    Customer.objects.filter(pk=company.pk).update(terms_days=None)
    place.site.open_holds = 1
    place.site.save()
    assert signed_in.post(desks(place), {**DESK, "client": "moi"}).status_code == 302
    assert signed_in.post(desks(place), {"moment": "matin", "poste": "3"}).status_code == 409
    theirs = {"moment": "matin", "poste": "3", "client": str(company.pk)}
    assert signed_in.post(desks(place), theirs).status_code == 302
    assert signed_in.post(desks(place), {**theirs, "poste": "4"}).status_code == 409
    assert Booking.objects.count() == 2


def test_other_days_sites_and_tabs_keep_the_payer(signed_in: Client, place: Place, company: Customer) -> None:
    text = signed_in.get(desks(place), {**DESK, "client": str(company.pk)}).content.decode()
    assert f"{rooms(place)}?client={company.pk}" in text
    led = signed_in.get("/essai/reserver/", {"jour": "2026-12-01", "client": str(company.pk)})
    assert led["Location"] == f"/essai/reserver/2026-12-01/?client={company.pk}"


def test_a_consumer_on_terms_has_to_ask_for_the_beginning_in_the_ticket(
    signed_in: Client, place: Place, user: User
) -> None:
    customer = make_customer(user, terms_days=30)
    assert 'name="commencer"' in signed_in.get(desks(place), DESK).content.decode()
    for page, form in ((desks(place), DESK), (rooms(place), HOURS)):
        answer = signed_in.post(page, form)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Cochez la demande" in text
        assert 'aria-invalid="true"' in text
        assert_nothing_is_written()
    assert signed_in.post(desks(place), {**DESK, "commencer": "1"}).status_code == 302
    order = Order.objects.get()
    assert (order.customer, order.state) == (customer, "accepted")
    assert order.start_requested_at is not None


def test_a_business_on_terms_is_not_asked_to(signed_in: Client, place: Place, user: User) -> None:
    make_customer(user, terms_days=30, siren="732829320")
    assert 'name="commencer"' not in signed_in.get(desks(place), DESK).content.decode()
    assert signed_in.post(desks(place), DESK).status_code == 302
    assert Order.objects.get().start_requested_at is None


def test_choosing_costs_no_more_than_eight_queries(
    signed_in: Client, place: Place, company: Customer, user: User
) -> None:
    for number in range(3):
        make_organisation_customer(make_organisation(user, name=f"Collectif {number}"))
    make_booked(user, place.desk(3), place.morning())
    signed_in.post(desks(place), {**DESK, "client": str(company.pk)})
    for address in (f"{desks(place)}?client={company.pk}", "/moi/reservations/"):
        signed_in.get(address)
        with CaptureQueriesContext(connection) as taken:
            assert signed_in.get(address).status_code == 200
        assert len(taken) <= 8, "\n".join(query["sql"][:120] for query in taken)


def said(text: str) -> str:
    """A page's text with its blanks as a browser shows them."""
    return " ".join(text.split())
