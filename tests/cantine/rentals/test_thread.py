"""The record of a request in /gestion/: what is next, and the thread of all that happened."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Document
from billing.quotes.accepting import Evidence
from billing.settlement.services import take_at_desk
from bookings.models import RentalRequest, Site
from bookings.rental_thread import thread_of
from bookings.services.rentals.answering import accept_quote
from bookings.services.rentals.quoting import draft_quote
from bookings.services.rentals.sending import close_request, send_quote
from members.models import Message
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request, make_rented_house, make_sent

pytestmark = pytest.mark.django_db
WHO = Evidence("Maud Essai", "présidente", "192.0.2.10", "Navigateur inventé")
HOUR = timedelta(hours=1)


def record(request: RentalRequest) -> str:
    return reverse("admin:bookings_rentalrequest_change", args=[request.pk])


def step(request: RentalRequest) -> str:
    return reverse("admin:next_step", args=[request.pk])


def planned(request: RentalRequest) -> tuple[str, date | None]:
    """What is noted as next."""
    request.refresh_from_db()
    return request.next_action, request.next_action_on


def test_what_is_next_is_noted_and_taken_away(client: Client, site: Site) -> None:
    request = make_rental_request(site)
    assertContains(client.get(record(request)), step(request))
    answer = client.post(step(request), {"action": "Rappeler Maud", "on": "2026-11-30"})
    assertRedirects(answer, record(request))
    assert planned(request) == ("Rappeler Maud", date(2026, 11, 30))
    assertContains(client.get(record(request)), 'value="Rappeler Maud"')
    client.post(step(request), {"action": "", "on": ""})
    assert planned(request) == ("", None)


def test_a_day_without_an_action_is_refused_and_comes_back(client: Client, site: Site) -> None:
    request = make_rental_request(site, next_action="Rappeler")
    page = client.post(step(request), {"action": "", "on": "2026-11-30"})
    assertContains(page, 'value="2026-11-30"', status_code=422)
    assert planned(request) == ("Rappeler", None)


def test_a_closed_request_has_no_next_step(client: Client, site: Site) -> None:
    request = make_rental_request(site, state="done")
    assertNotContains(client.get(record(request)), step(request))
    client.post(step(request), {"action": "Rappeler"})
    assert planned(request) == ("", None)


def test_only_who_answers_requests_notes_what_is_next(site: Site) -> None:
    request = make_rental_request(site)
    browser = Client()
    browser.force_login(make_user(role="treasurer"))
    assertNotContains(browser.get(record(request)), step(request))
    assert browser.post(step(request), {"action": "Rappeler"}).status_code == 403
    assert planned(request) == ("", None)


def paid(site: Site) -> RentalRequest:
    """A request with two versions, the second accepted, and its advance paid."""
    first = make_sent(site, received_at=NOW - HOUR)
    again = draft_quote(request=first.request, by=None, now=NOW + HOUR)
    second = send_quote(rental=again, now=NOW + 2 * HOUR)
    order = accept_quote(rental=second, evidence=WHO, now=NOW + 3 * HOUR).quote.advance_order
    assert order is not None
    take_at_desk(order=order, method="transfer", by=make_user(role="manager"), now=NOW + 4 * HOUR)
    return RentalRequest.objects.select_related("site", "space").get(pk=first.request_id)


def test_the_thread_tells_all_in_order(client: Client, site: Site) -> None:
    request = paid(site)
    thread = thread_of(request, opens_messages=True)
    assert [entry.at for entry in thread] == sorted(entry.at for entry in thread)
    titles = [entry.title for entry in thread]
    versions = request.quotes.order_by("quote__version").values_list("quote__reference", flat=True)
    number = versions[0]
    advance = Document.objects.get()
    for title in (
        "Demande reçue",
        f"Devis {number} envoyé",
        f"Devis {number} remplacé",
        f"Devis {number}-2 envoyé",
        f"Devis {number}-2 accepté",
        f"Facture d’acompte {advance.number}",
    ):
        assert titles.count(title) == 1, title
    assert sum(title.startswith("E-mail") for title in titles) >= 3
    invoice = next(entry for entry in thread if advance.number in entry.title)
    assert invoice.pill == ("done", "réglée")
    page = client.get(record(request))
    assertContains(page, "par Maud Essai, présidente")
    assertContains(page, reverse("admin:billing_document_change", args=[advance.pk]))


def test_the_thread_ends_with_the_reason(client: Client, site: Site) -> None:
    request = make_sent(site).request
    close_request(request=request, reason="price", now=NOW + HOUR)
    page = client.get(record(request))
    assertContains(page, "Demande close")
    assertContains(page, "retiré")
    last = page.context["thread"][-1]
    assert last.at == NOW + HOUR


def test_another_requests_messages_stay_out(site: Site) -> None:
    mine, other = make_sent(site).request, make_sent(make_rented_house())
    RentalRequest.objects.filter(pk=mine.pk).update(email=other.request.email)
    mine = RentalRequest.objects.select_related("site", "space").get(pk=mine.pk)
    assert not [entry for entry in thread_of(mine, opens_messages=True) if entry.icon == "mail"]


def test_as_many_queries_for_a_long_thread_as_for_a_short_one(site: Site) -> None:
    short, long = paid(site), paid(make_rented_house())
    for number in range(20):
        ids = {"request": long.pk}
        Message.objects.create(key=f"essai:{number}", to=long.email, template="rentals/received", ids=ids)
    with CaptureQueriesContext(connection) as few:
        before = len(thread_of(short, opens_messages=True))
    with CaptureQueriesContext(connection) as many:
        assert len(thread_of(long, opens_messages=True)) == before + 20
    assert len(many) == len(few) <= 12
