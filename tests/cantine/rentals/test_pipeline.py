"""« Locations » in /gestion/ with a request at every stage: sums, amounts, ages and what is looked for."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from billing.quotes.accepting import Evidence
from bookings.models import RentalQuote, RentalRequest, Site
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.pipeline import Stage, staged, totals
from bookings.services.rentals.sending import close_request, send_quote
from cantine.pilotage.figures.trajectory import expected, summed
from tests.bookings.rentals.steps import pay_advance
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import make_draft, make_rental_request, make_rented_house, make_sent

pytestmark = pytest.mark.django_db
D = Decimal
Rows = dict[str, RentalRequest]
"""One request a stage, by name."""
PAGE = "admin:rentals"
WHO = Evidence("Maud Essai", "en mon nom", "192.0.2.10", "Navigateur inventé")


def later(rental: RentalQuote) -> datetime:
    """The day after what a quote offers."""
    return rental.period.end + timedelta(days=1)


def at_every_stage(site: Site) -> Rows:
    """One request a stage, and some more that weigh on the sums."""
    quoted = make_sent(site, organisation_name="Atelier devis")
    won = make_sent(make_rented_house(name="Ailleurs"), organisation_name="Association gagnée")
    accept_quote(rental=won, evidence=WHO, now=NOW)
    refused = make_sent(make_rented_house(), organisation_name="Refus")
    refuse_quote(rental=refused, reason="Trop cher.", now=NOW)
    lost = make_rental_request(site, organisation_name="Perdue", price_excl=D(90), price_incl=D(108))
    close_request(request=lost, reason="price", now=NOW)
    return {
        "received": make_rental_request(
            site, organisation_name="Reçue", price_excl=D("80.50"), price_incl=D("96.60")
        ),
        "unpriced": make_rental_request(site, organisation_name="Sans prix"),
        "quoted": quoted.request,
        "won": won.request,
        "refused": refused.request,
        "lost": lost,
        "done": make_rental_request(site, state="done", closed_at=NOW, price_excl=D(10), price_incl=D(12)),
        "cancelled": make_rental_request(site, state="cancelled", closed_at=NOW),
    }


@pytest.fixture(scope="module")
def lived(house: Site) -> dict[str, int]:
    with time_machine.travel(NOW, tick=False):
        return {name: request.pk for name, request in at_every_stage(house).items()}


@pytest.fixture
def rows(lived: dict[str, int]) -> Rows:
    found = RentalRequest.objects.in_bulk(lived.values())
    return {name: found[pk] for name, pk in lived.items()}


def recomputed(now: datetime) -> dict[Stage, tuple[int, Decimal, Decimal]]:
    """The same sums from the raw rows, one by one."""
    found = dict.fromkeys(Stage, (0, D(0), D(0)))
    for request in RentalRequest.objects.all():
        sent = [each for each in request.quotes.all() if each.quote.sent_at]
        standing = [each for each in sent if each.quote.state in {"sent", "accepted"}]
        offers = standing or sorted(sent, key=lambda each: -each.quote.version)
        offer = offers[0] if offers else None
        excl, incl = (
            (sum((line.amount_excl for line in offer.quote.lines.all()), D(0)),
             sum((line.amount_incl for line in offer.quote.lines.all()), D(0)))
            if offer else (request.price_excl or D(0), request.price_incl or D(0))
        )  # fmt: skip
        over = (offer or request).period.end <= now
        stage = {
            "received": Stage.RECEIVED,
            "quoted": Stage.QUOTED,
            "won": Stage.TO_INVOICE if over else Stage.WON,
            "done": Stage.DONE,
            "lost": Stage.LOST,
            "cancelled": Stage.LOST,
        }[request.state]
        stands = [each for each in standing if each.quote.valid_until > now and not each.shares_date]
        if stage == Stage.QUOTED and not stands:
            excl = incl = D(0)
        number, all_excl, all_incl = found[stage]
        found[stage] = (number + 1, all_excl + excl, all_incl + incl)
    return found


def test_totals_agree_with_the_raw_rows_before_and_after_the_day(rows: Rows) -> None:
    won = RentalQuote.objects.get(request=rows["won"])
    pay_advance(won)
    for now in (NOW, later(won)):
        sums = {each.stage: (each.number, each.excl, each.incl) for each in totals(staged(now))}
        assert sums == recomputed(now)
    assert sums[Stage.TO_INVOICE] == (1, D(150), D(180))
    assert sums[Stage.WON] == (0, D(0), D(0))


def test_quotes_sent_are_the_same_sum_on_the_page_and_in_pilotage_and_lead_to_each_other(
    client: Client, site: Site, rows: Rows
) -> None:
    second = send_quote(rental=make_draft(site), now=NOW, behind_options=True)
    assert second.shares_date
    make_sent(make_rented_house(name="Encore"))
    sites = list(Site.objects.all())
    valid = RentalQuote.objects.get(request=rows["quoted"]).quote.valid_until
    for now, number, excl in ((NOW, 4, D(300)), (valid, 4, D(0))):  # over, the request still waits for us
        (quoted,) = (each for each in totals(staged(now)) if each.stage == Stage.QUOTED)
        ahead = summed(expected(sites, now=now))
        assert (quoted.number, quoted.excl, ahead.quoted) == (number, excl, excl)
    with time_machine.travel(NOW, tick=False):
        board = client.get(reverse("admin:pilotage"))
        assertContains(board, f'href="{reverse(PAGE)}?etape=devis"')
        assertContains(board, "Devis envoyés, 300\u00a0€")
        page = client.get(reverse(PAGE), {"etape": "devis"})
    assertContains(page, "300,00\u00a0€ HT")
    assertContains(page, "2 sans prix ni devis valable")


def test_the_page_says_stages_amounts_ages_and_who_waits_for_whom(client: Client, rows: Rows) -> None:
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        page = client.get(reverse(PAGE))
    assertContains(page, "Atelier devis")
    assertContains(page, "Atelier devis doit répondre d’ici au")
    assertContains(page, "Association gagnée doit l’acompte d’ici au")
    assertContains(page, "À nous de répondre", count=2)
    assertContains(page, "depuis 3\u00a0jours")
    assertContains(page, "150,00\u00a0€ HT")
    assertContains(page, "sans prix")
    assert "Perdue" not in {str(row.request) for row in page.context["rows"]}
    whole = page.context["tabs"][0]
    assert (whole.number, whole.excl) == (5, D("380.50"))  # of what was refused nothing is to come


@pytest.mark.parametrize("stage", list(Stage))
def test_each_stage_lists_the_rows_its_total_counts(client: Client, rows: Rows, stage: Stage) -> None:
    page = client.get(reverse(PAGE), {"etape": stage})
    tab = next(each for each in page.context["tabs"] if each.current)
    listed = [row.request for row in page.context["rows"]]
    assert tab.number == len(listed)
    assert tab.excl == sum((each.excl for each in listed if each.counts), D(0))
    assert [each.organisation_name for each in listed if not each.counts and each.excl] == (
        ["Refus"] if stage == Stage.QUOTED else []
    )


def test_sites_and_months_narrow_rows_and_sums(client: Client, site: Site, rows: Rows) -> None:
    here = client.get(reverse(PAGE), {"site": site.code})
    assertNotContains(here, "Association gagnée")
    assert here.context["tabs"][0].number == 3
    assert client.get(reverse(PAGE), {"mois": "2026-12"}).context["tabs"][0].number == 5
    assert client.get(reverse(PAGE), {"mois": "2026-11"}).context["tabs"][0].number == 0
    odd = client.get(reverse(PAGE), {"mois": "0000-99", "site": "rien", "etape": "x", "depuis": "-1"})
    assert odd.context["tabs"][0].number == 5


def test_who_asks_a_quote_and_a_space_are_looked_for(client: Client, site: Site, rows: Rows) -> None:
    quoted = rows["quoted"].quotes.get()
    number = quoted.quote.number
    for words, who in (("atelier DEV", "Atelier devis"), (f" {number.lower()}-2 ", "Atelier devis")):
        page = client.get(reverse(PAGE), {"q": words})
        assert [str(row.request) for row in page.context["rows"]] == [who]
        assert page.context["tabs"][0].number == 1
    hall = site.spaces.get(code="quai")
    make_rental_request(site, organisation_name="Le hall", space=hall)
    page = client.get(reverse(PAGE), {"espace": str(hall.pk)})
    assert {str(row.request) for row in page.context["rows"]} == {"Le hall", "Atelier devis"}
    none = client.get(reverse(PAGE), {"q": "personne", "espace": "x", "etape": "perdue"})
    assertContains(none, "Aucune demande ne répond à ces filtres")
    assertContains(none, 'name="etape" value="perdue"')


def test_what_is_for_us_comes_before_what_others_owe_and_closed_ones_run_backwards(
    client: Client, site: Site, rows: Rows
) -> None:
    won = RentalQuote.objects.get(request=rows["won"])
    pay_advance(won)
    with time_machine.travel(later(won), tick=False):
        client.force_login(make_user(role="manager"))
        shown = client.get(reverse(PAGE)).context["rows"]
        assert [row.request.stage for row in shown][:2] == [Stage.TO_INVOICE, Stage.RECEIVED]
        closed = make_rental_request(site, organisation_name="Hier")
        close_request(request=closed, reason="price", now=later(won))
        lost = client.get(reverse(PAGE), {"etape": "perdue"}).context["rows"]
    assert str(lost[0].request) == "Hier"


def test_what_was_planned_and_what_to_invoice_are_to_do(client: Client, site: Site, rows: Rows) -> None:
    won = RentalQuote.objects.get(request=rows["won"])
    pay_advance(won)
    make_rental_request(site, next_action="Rappeler", next_action_on=NOW.date())
    assertContains(client.get(reverse("admin:index")), "1 location à suivre")
    assertNotContains(client.get(reverse("admin:index")), "à facturer")
    with time_machine.travel(later(won), tick=False):
        client.force_login(make_user(role="manager"))
        assertContains(client.get(reverse("admin:index")), "1 location à facturer")


def test_as_many_queries_for_many_requests_as_for_few(client: Client, rows: Rows) -> None:
    client.get(reverse(PAGE))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(PAGE))
    at_every_stage(make_rented_house())
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(PAGE))
    assert len(many) == len(few) <= 22
