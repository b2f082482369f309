"""The management speaks French, names what it lists, and offers only what can be done."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pikepdf
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from billing.documents.content import content
from billing.documents.discounting import Discount
from billing.models import Document, DocumentFile, OrderLine
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Closure, Equipment, Site, Space, Tariff
from members.checks import messages_have_labels
from members.formats import plain, span
from members.messages import kinds
from members.models import Message, User
from tests.billing.test_kinds import invoice
from tests.factories.bookings import (
    NOW,
    PARIS,
    TOMORROW,
    make_booking,
    make_confirmed,
    make_desk,
    make_house,
    make_site,
    morning,
)
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with lasting(django_db_blocker):
        with time_machine.travel(NOW, tick=False):
            made = make_house()
        yield made


@pytest.fixture
def house(lived: Site) -> Site:
    """A house with desks and rooms, and nothing booked."""
    return Site.objects.select_related("seller").get(pk=lived.pk)


def desk(number: int = 1) -> Space:
    return Space.objects.select_related("site").get(kind="desk", number=number)


def html_of(client: Client, address: str, **query: str) -> str:
    page = client.get(address, query)
    assert page.status_code == 200
    return page.content.decode()


def invoiced(manager: User) -> Document:
    booking = make_booking(space=desk(), user=make_user(name="Nom d’Avant"))
    assert booking.line is not None
    take_at_desk(order=booking.line.order, method="cash", by=manager, now=NOW)
    return Document.objects.select_related("customer").get()


@pytest.mark.usefixtures("house")
def test_an_invoice_keeps_the_name_it_was_issued_to(client: Client, manager: User) -> None:
    document = invoiced(manager)
    document.customer.name = "Nom d’Après"
    document.customer.save()
    at = reverse("admin:billing_document_changelist")
    html = html_of(client, at)
    assert "Nom d’Avant" in html
    assert "Nom d’Après" not in html
    assert document.number in html_of(client, at, q="Avant")
    assert "Nom d’Avant" in html_of(client, reverse("admin:billing_document_change", args=[document.pk]))


def test_an_invoice_tells_its_lines_as_its_pdf_does(client: Client) -> None:
    document = invoice(NOW, ("36.00", "20.00"), discount=Discount(Decimal("1.50"), "Remise d’essai"))
    (line,) = content(document)["lines"]
    html = html_of(client, reverse("admin:billing_document_change", args=[document.pk]))
    for said in (*line.values(), "Remise d’essai", "−1,50\u00a0€", "34,50\u00a0€"):
        assert said in html
    assert "20.00" not in html


def a_page() -> bytes:
    """A PDF of one empty page."""
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(written)
    return written.getvalue()


@pytest.mark.usefixtures("house")
def test_the_file_of_an_invoice_is_handed_out_to_who_reads_invoices(client: Client, manager: User) -> None:
    document = invoiced(manager)
    at = reverse("admin:billing_document_pdf", args=[document.pk])
    assert client.get(at).status_code == 404
    made = DocumentFile(document=document, kind=DocumentFile.Kind.PDF, made_at=NOW, sha256="0" * 64, size=10)
    made.file.save("essai.pdf", ContentFile(a_page()), save=True)
    answer = client.get(at)
    assert answer.getvalue().startswith(b"%PDF-")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert f"{document.number}.pdf" in answer.headers["Content-Disposition"]
    other = Client()
    other.force_login(make_user(role="volunteer"))
    assert other.get(at).status_code == 403


def test_every_message_has_words_of_its_own_and_is_listed_by_them(client: Client) -> None:
    assert messages_have_labels(None) == []
    assert all("/" not in str(kind.label) for kind in kinds.registered())
    Message.objects.create(
        key="x", to="x@cantine.example", language="fr", template="bookings/reminder", due_at=NOW
    )
    html = html_of(client, reverse("admin:members_message_changelist"))
    assert "Rappel de la veille" in html
    assert "bookings/reminder" not in html.replace("genre=bookings/reminder", "").replace("bookings%2F", "")


def test_a_message_without_words_is_refused_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kinds._kinds, "essai/muet", kinds.Kind("essai/muet", lambda ids: ids))
    assert [found.id for found in messages_have_labels(None)] == ["members.E004"]


def test_titles_and_what_is_said_after_saving_are_plain_sentences(client: Client) -> None:
    equipment = Equipment.objects.create(code="ecran", name="Écran")
    at = reverse("admin:bookings_equipment_changelist")
    assert "<title>Équipements · " in html_of(client, at)
    change = reverse("admin:bookings_equipment_change", args=[equipment.pk])
    assert "<title>Écran · Équipements · " in html_of(client, change)
    sent = {"code": "ecran", "name": "Grand écran", "name_en": "", "icon": ""}
    said = client.post(change, sent, follow=True).content.decode()
    assert f"C’est enregistré{NBSP}: Grand écran." in said
    added = client.post(
        reverse("admin:bookings_equipment_add"), {**sent, "code": "neuf", "name": "Neuf"}, follow=True
    )
    assert f"C’est enregistré{NBSP}: Neuf." in added.content.decode()
    gone = client.post(
        reverse("admin:bookings_equipment_delete", args=[equipment.pk]), {"post": "yes"}, follow=True
    )
    assert f"C’est supprimé{NBSP}: Grand écran." in gone.content.decode()


@pytest.mark.usefixtures("house")
def test_lists_and_read_only_forms_tell_dates_hours_and_sums_the_house_way(client: Client) -> None:
    booking = make_confirmed(space=desk(), period=morning(TOMORROW))
    assert booking.line is not None
    order = booking.line.order_id
    site = booking.space.site
    html = html_of(client, reverse("admin:billing_order_changelist"))
    assert f">{site.name}</td>" in html
    assert f">{site.code}<" not in html  # nor in the filter
    assert f"24 nov. 2026, 8{NBSP}h{NBSP}30" in html
    form = html_of(client, reverse("admin:billing_order_change", args=[order]))
    assert f"1{NBSP}demi-journée" in form
    assert (site.name in form, f">{site.code}<" in form) == (True, False)
    assert f"20{NBSP}%" in form
    assert f"9,00{NBSP}€" in form
    hours = html_of(client, reverse("admin:bookings_openinghours_changelist"))
    assert f">9{NBSP}h<" in hours
    tariff = Tariff.objects.filter(kind="desk").order_by("pk")[0]
    assert f"9,00{NBSP}€" in html_of(client, reverse("admin:bookings_tariff_change", args=[tariff.pk]))


@pytest.mark.usefixtures("house")
def test_cells_carry_the_heading_of_their_column_for_the_phone(client: Client) -> None:
    make_confirmed(space=desk())
    html = html_of(client, reverse("admin:bookings_booking_changelist"))
    assert '<td data-label="Quand" class="field-when">' in html
    assert html.count('data-label="Montant TTC"') == 1


@pytest.mark.usefixtures("house")
def test_money_is_taken_only_where_it_is_owed(client: Client, manager: User) -> None:
    held = make_booking(space=desk())
    assert held.line is not None
    take = reverse("admin:take", args=[held.line.order_id])
    pages = (
        reverse("admin:billing_order_change", args=[held.line.order_id]),
        reverse("admin:bookings_booking_change", args=[held.pk]),
    )
    assert all(take in html_of(client, page) for page in pages)
    take_at_desk(order=held.line.order, method="cash", by=manager, now=NOW)
    assert not any(take in html_of(client, page) for page in pages)
    assert OrderLine.objects.get().amount_incl == Decimal("9.00")


@pytest.mark.usefixtures("house")
def test_an_invoice_on_terms_is_owed_until_it_is_paid(client: Client) -> None:
    booking = make_confirmed(space=desk())
    assert booking.line is not None
    take = reverse("admin:take", args=[booking.line.order_id])
    assert take in html_of(client, reverse("admin:bookings_booking_change", args=[booking.pk]))


def test_spaces_name_their_site_and_only_those_of_the_chosen_site_are_offered(
    client: Client, house: Site
) -> None:
    here, there = house, make_site(name="Ailleurs")
    other = make_desk(there, 1)
    first = client.get(reverse("admin:close")).context["form"].fields["espace"]
    labels = [label for _value, label in first.choices]
    assert {f"{here.name} · Poste 1", "Ailleurs · Poste 1"} <= set(labels)
    day = {"du": f"{TOMORROW}", "au": f"{TOMORROW}", "raison": "Inventaire"}
    page = client.get(reverse("admin:close"), {**day, "site": here.code, "espace": str(other.pk)})
    assert page.context["form"].errors["espace"] == ["Cet espace est sur un autre site."]
    offered = page.context["form"].fields["espace"].queryset
    assert {space.site_id for space in offered} == {here.pk}
    future = Tariff.objects.filter(site=here).order_by("pk")[0]
    tariff = client.get(reverse("admin:bookings_tariff_add"), {"depuis": str(future.pk)})
    choices = tariff.context["adminform"].form.fields["space"].queryset
    assert {space.site_id for space in choices} == {here.pk}
    assert not Closure.objects.exists()


@pytest.mark.usefixtures("house")
def test_bookings_to_come_stand_first_the_soonest_at_the_top(client: Client) -> None:
    later = make_confirmed(space=desk(1), period=morning(date(2026, 11, 27)))
    soon = make_confirmed(space=desk(1), period=morning(TOMORROW))
    today = make_confirmed(space=desk(2), period=morning(NOW.date()))
    at = reverse("admin:bookings_booking_changelist")
    with time_machine.travel(datetime(2026, 11, 25, 8, tzinfo=PARIS), tick=False):
        assert listed(client, at) == [soon, later, today]
        assert listed(client, at, quand="passees") == [today]
        assert listed(client, at, quand="avenir") == [soon, later]
        assert listed(client, at, quand="aujourdhui") == [soon]
        assert listed(client, at, quand="semaine") == [soon, later, today]
    with time_machine.travel(datetime(2026, 11, 30, 8, tzinfo=PARIS), tick=False):
        assert listed(client, at, quand="semaine") == []
        assert listed(client, at) == [later, soon, today]


@pytest.mark.usefixtures("house")
def test_bookings_are_filtered_by_how_they_are_paid(client: Client, manager: User) -> None:
    on_terms, held = make_confirmed(space=desk(1)), make_booking(space=desk(2))
    cash = make_booking(space=desk(3))
    assert cash.line is not None
    take_at_desk(order=cash.line.order, method="cash", by=manager, now=NOW)
    at = reverse("admin:bookings_booking_changelist")
    assert set(listed(client, at, reglement="du")) == {on_terms, held}
    assert listed(client, at, reglement="facture") == [on_terms]
    assert listed(client, at, reglement="regle") == [cash]


def listed(client: Client, address: str, **query: str) -> list[Booking]:
    return list(client.get(address, query).context["cl"].result_list)


def test_a_closure_is_told_by_its_days(client: Client, house: Site) -> None:
    site = house
    day = {"du": "2026-12-01", "au": "2026-12-01", "raison": "Inventaire", "site": site.code}
    asked = html_of(client, reverse("admin:close"), **day)
    assert f"Fermer {site.name}, mardi 1er décembre, toute la journée" in " ".join(asked.split())
    client.post(reverse("admin:close"), day)
    listed = html_of(client, reverse("admin:bookings_closure_changelist"))
    assert "mardi 1er décembre 2026, toute la journée" in listed


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        ((1, 0), (2, 0), "mardi 1er décembre, toute la journée", "Tuesday 1 December, all day"),
        ((1, 9), (1, 13), "mardi 1er décembre, 9 h – 13 h", "Tuesday 1 December, 9:00 – 13:00"),
        (
            (1, 0),
            (4, 0),
            "du mardi 1er décembre au jeudi 3 décembre",
            "Tuesday 1 December to Thursday 3 December",
        ),
        (
            (1, 13),
            (3, 9),
            "du mardi 1er décembre, 13 h au jeudi 3 décembre, 9 h",
            "Tuesday 1 December, 13:00 to Thursday 3 December, 9:00",
        ),
    ],
)
def test_a_span_is_told_as_people_say_it(
    start: tuple[int, int], end: tuple[int, int], french: str, english: str
) -> None:
    first, last = (datetime(2026, 12, day, hour, tzinfo=PARIS) for day, hour in (start, end))
    assert plain(span(first, last, "fr")).replace(NBSP, " ") == french
    assert plain(span(first, last, "en")).replace(NBSP, " ") == english
