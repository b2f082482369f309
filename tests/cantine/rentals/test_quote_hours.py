"""The hours of a draft move, and the lines that the tariff made move with them."""

import pytest
from django.test import Client
from django.urls import reverse

from bookings.models import RentalQuote, Site
from cantine.gestion.quote_hours import said_period
from tests.factories.rentals import make_draft

pytestmark = pytest.mark.django_db


def sent(client: Client, rental: RentalQuote, **changed: str) -> dict[str, str]:
    """The page as it is shown, with what she changes."""
    context = client.get(reverse("admin:edit_quote", args=[rental.quote_id])).context
    fields = {each.html_name: each.value() for each in context["form"]}
    for line in context["lines"]:
        fields |= {each.html_name: each.value() for each in line}
    said = {name: "" if value is None else value for name, value in fields.items()}
    counts = {"lignes-TOTAL_FORMS": "1", "lignes-INITIAL_FORMS": "1"}
    return {**said, **counts, "was": context["was"], "do": "preview", **changed}


def line_of(client: Client, rental: RentalQuote, **changed: str) -> tuple[str, str]:
    at = reverse("admin:edit_quote", args=[rental.quote_id])
    line = client.post(at, sent(client, rental, **changed)).context["lines"].forms[0]
    return line["quantity"].value(), line["detail"].value()


def test_the_tariffs_line_follows_the_hours(client: Client, site: Site) -> None:
    rental = make_draft(site)
    assert line_of(client, rental) == ("4", "samedi 12 décembre 2026, 14\u00a0h\u00a0–\u00a018\u00a0h")
    assert line_of(client, rental, ends="19:00") == (
        "5",
        "samedi 12 décembre 2026, 14\u00a0h\u00a0–\u00a019\u00a0h",
    )


def test_a_line_that_she_wrote_stays(client: Client, site: Site) -> None:
    rental = make_draft(site)
    written = {"ends": "19:00", "lignes-0-unit_price": "40.00"}
    assert line_of(client, rental, **written)[0] == "4"


@pytest.mark.parametrize("was", ["", "hier", "2026-12-12T14:00/2026-12-12T18:00", "0001-01-01T00:00+14:00/x"])
def test_hours_that_are_none_change_nothing(client: Client, site: Site, was: str) -> None:
    rental = make_draft(site)
    assert said_period(was) is None or "T" in was
    assert line_of(client, rental, ends="19:00", was=was)[0] == "4"
