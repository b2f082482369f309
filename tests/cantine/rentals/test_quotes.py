"""Quotes in /gestion/: prepared from a request, edited line by line, sent, taken back; then only read."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Quote
from billing.quotes.files import make_due
from bookings.models import Booking, RentalQuote, RentalRequest, Site
from bookings.services.rentals.answering import refuse_quote
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import (
    make_discount,
    make_draft,
    make_extra,
    make_rental_request,
    make_rented_house,
    make_sent,
)

pytestmark = pytest.mark.django_db
D = Decimal


def address(rental: RentalQuote, name: str = "edit_quote") -> str:
    return reverse(f"admin:{name}", args=[rental.quote_id])


def filled(
    rental: RentalQuote, do: str, *, lines: list[dict[str, str]] | None = None, **fields: str
) -> dict[str, object]:
    """The form as its page shows it, with what is typed over it."""
    local = rental.period.local(rental.request.site.zone)
    plain = {"quantity": "4", "unit": "hour", "unit_price": "45.00", "basis": "ttc", "rate": "20.00"}
    rows = lines if lines is not None else [{"label": "Le Quai", **plain}]
    typed: dict[str, object] = {
        "spaces": [str(option.space_id) for option in rental.options.all()],
        "day": local.start.date().isoformat(),
        "starts": f"{local.start:%H:%M}",
        "ends": f"{local.end:%H:%M}",
        "setup_minutes": "30",
        "clearing_minutes": "30",
        "discount_excl": "",
        "discount_label": "",
        "valid_until": "2026-12-01",
        "advance_percent": "30",
        "confirmation": "on_advance",
        "message": "",
        "lignes-TOTAL_FORMS": str(len(rows)),
        "lignes-INITIAL_FORMS": "0",
        "do": do,
        **fields,
    }
    for number, row in enumerate(rows):
        typed |= {f"lignes-{number}-{name}": value for name, value in {**plain, **row}.items()}
    return typed


def test_a_request_becomes_a_draft_that_is_edited_and_sent(client: Client, site: Site) -> None:
    request = make_rental_request(site, space=site.spaces.get(code="quai"))
    record = reverse("admin:bookings_rentalrequest_change", args=[request.pk])
    assertContains(client.get(record), "Préparer un devis")
    answer = client.post(reverse("admin:prepare_quote", args=[request.pk]))
    rental = RentalQuote.objects.get()
    assertRedirects(answer, address(rental))
    page = client.get(address(rental))
    assertContains(page, 'value="45.00"')
    assertContains(page, "180,00")
    assertContains(page, "54,00")
    free = {
        "label": "Ménage",
        "quantity": "1",
        "unit": "",
        "unit_price": "40",
        "basis": "ht",
        "rate": "20.00",
    }
    both = [{"label": "Le Quai"}, free]
    assertContains(client.post(address(rental), filled(rental, "preview", lines=both)), "228,00")
    assert Quote.objects.get().total_excl == D(150), "a preview keeps nothing"
    client.post(address(rental), filled(rental, "save", lines=both))
    assert Quote.objects.get().total_excl == D(190)
    answer = client.post(address(rental), filled(rental, "send", lines=both, message="À bientôt"))
    assertRedirects(answer, reverse("admin:billing_quote_change", args=[rental.quote_id]))
    quote = Quote.objects.get()
    assert (quote.state, quote.message, Booking.objects.get().state) == ("sent", "À bientôt", "held")
    assertRedirects(client.get(address(rental)), reverse("admin:billing_quote_change", args=[quote.pk]))
    assertContains(client.get(record), quote.number)


def test_lines_are_added_and_removed(client: Client, site: Site) -> None:
    rental = make_draft(site)
    page = client.post(address(rental), filled(rental, "add"))
    assertContains(page, "Ligne 2")
    gone = [{"label": "Le Quai"}, {"label": "Trop", "DELETE": "on"}]
    client.post(address(rental), filled(rental, "save", lines=gone))
    assert [line.label for line in Quote.objects.get().lines.all()] == ["Le Quai"]


def test_a_rule_fills_in_the_discount(client: Client, site: Site) -> None:
    rental, rule = make_draft(site), make_discount(site, "school", 10, label="Remise aux écoles")
    page = client.post(address(rental), filled(rental, f"regle-{rule.pk}"))
    assertContains(page, 'value="15.00"')
    assertContains(page, "Remise aux écoles")
    assertContains(page, "162,00")


WRONG: tuple[dict[str, str], ...] = (
    {"ends": "13:00", "starts": "14:00"},
    {"discount_excl": "5"},
    {"discount_excl": "5000", "discount_label": "Trop"},
    {"advance_percent": "101"},
    {"spaces": ""},
    {"day": "n’importe"},
    {"lignes-0-unit_price": "-1"},
    {"lignes-0-label": ""},
    {"lignes-0-rate": "19.60"},
    {"lignes-TOTAL_FORMS": "x"},
)


def test_what_is_wrong_is_said_and_nothing_is_kept(client: Client, site: Site) -> None:
    rental = make_draft(site)
    for wrong in WRONG:
        assert client.post(address(rental), {**filled(rental, "send"), **wrong}).status_code == 422, wrong
        quote = Quote.objects.get()
        assert (quote.state, quote.discount_excl, quote.advance_percent) == ("draft", D(0), 30), wrong


def test_who_else_wants_the_date_is_shown_and_an_option_asks_for_her_say(client: Client, site: Site) -> None:
    first = make_sent(site, organisation_name="Nuages bas")
    make_rental_request(site, organisation_name="Rives feintes")
    second = make_draft(site)
    page = client.get(address(second))
    assertContains(page, "option de Nuages bas")
    assertContains(page, "Rives feintes")
    answer = client.post(address(second), filled(second, "send"))
    assert answer.status_code == 409
    assertContains(answer, "second rang", status_code=409)
    answer = client.post(address(second), {**filled(second, "send"), "second": "oui"})
    assert answer.status_code == 302
    assert set(Quote.objects.values_list("state", flat=True)) == {"sent"}
    assert first.quote.state == "sent"


def test_intents_take_back_throw_away_and_file(client: Client, site: Site) -> None:
    sent, draft = make_sent(site), make_draft(make_rented_house())
    assertContains(client.get(address(sent, "withdraw_quote")), "Retirer le devis")
    client.post(address(sent, "withdraw_quote"))
    assert Quote.objects.get(pk=sent.quote_id).state == "withdrawn"
    client.post(address(draft, "discard_quote"))
    assert Quote.objects.count() == 1
    close = reverse("admin:close_request", args=[sent.request_id])
    assertContains(client.get(close), "Classer")
    assert client.post(close, {"reason": "inconnue"}).status_code == 200
    client.post(close, {"reason": "silent"})
    found = RentalRequest.objects.get(pk=sent.request_id)
    assert (found.state, found.lost_reason) == ("lost", "silent")
    for name in ("withdraw_quote", "discard_quote"):
        assert client.post(address(sent, name)).status_code == 302
    assert Quote.objects.get().state == "withdrawn"


def test_the_list_filters_by_state_and_the_record_is_only_read(client: Client, site: Site) -> None:
    sent = make_sent(site)
    refused = make_sent(make_rented_house())
    refuse_quote(rental=refused, reason="Trop cher", now=NOW)
    listed = reverse("admin:billing_quote_changelist")
    assertContains(client.get(listed), sent.quote.number)
    assertNotContains(client.get(listed, {"state__exact": "sent"}), refused.quote.number)
    record = reverse("admin:billing_quote_change", args=[refused.quote_id])
    assertContains(client.get(record), "Trop cher")
    assertContains(client.get(record), "Nouvelle version")
    assert client.post(record, {"message": "autre"}).status_code == 403


def test_the_pdf_is_given_to_who_runs_the_place(
    client: Client, site: Site, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    rental = make_sent(site)
    assert client.get(address(rental, "quote_pdf")).status_code == 404
    assert make_due(NOW) == 1
    answer = client.get(address(rental, "quote_pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assertContains(client.get(reverse("admin:billing_quote_change", args=[rental.quote_id])), "PDF")


def test_who_may_not_send_does_not(site: Site) -> None:
    rental = make_draft(site)
    for role in ("treasurer", "volunteer", "coworker"):
        browser = Client()
        browser.force_login(make_user(role=role))
        for name in ("edit_quote", "withdraw_quote"):
            assert browser.get(address(rental, name)).status_code == 403
    assert Quote.objects.get().state == "draft"


def test_the_page_of_a_draft_asks_no_more_for_more_lines(client: Client, site: Site) -> None:
    def count(extras: int) -> int:
        request = make_rental_request(make_rented_house(), space=None)
        for _each in range(extras):
            request.extras.add(make_extra(request.site))
        client.post(reverse("admin:prepare_quote", args=[request.pk]))
        rental = RentalQuote.objects.get(request=request)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address(rental))
        return len(queries)

    count(1)
    assert count(2) == count(6)


def test_lines_that_cannot_be_are_refused_and_told(client: Client, site: Site) -> None:
    rental = make_draft(site)
    huge = {
        "label": "Le Quai",
        "quantity": "99999999",
        "unit_price": "999999",
        "basis": "ht",
        "rate": "20.00",
    }
    for do, status in (("save", 422), ("preview", 200)):
        assertContains(
            client.post(address(rental), filled(rental, do, lines=[huge])), "trop", status_code=status
        )
    answer = client.post(address(rental), filled(rental, "add") | {"lignes-TOTAL_FORMS": "x"})
    assert answer.status_code == 200
