"""What a report to the Métropole says: the rows, the books, the closings."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.books import entries_of
from billing.accounting.fec import fec
from billing.accounting.fec_reading import read as read_fec
from billing.accounting.periods import Period
from billing.models import PaymentEvent
from billing.till.closing import close_day
from bookings.models import Site
from cantine.report.charts import drawn
from cantine.report.metropole.parts import TITLES
from cantine.report.metropole.term import Term, offered, term_of
from cantine.report.metropole.writing import SECTIONS
from tests.billing.accounting import year as books
from tests.cantine.pilotage.world import World
from tests.cantine.report.steps import AFTER, tables, told_of
from tests.factories.bookings import NOW

pytestmark = pytest.mark.django_db


def test_each_section_that_is_written_has_its_title_and_each_title_its_section() -> None:
    assert list(TITLES) == list(SECTIONS)


@given(today=st.dates(date(2013, 1, 1), date(2099, 12, 31)))
def test_every_period_that_is_offered_is_found_again_by_its_name(today: date) -> None:
    for term in offered(today):
        assert term_of(term.code, today) == term
        assert term.is_over(today) == (term.last < today)
        assert term.first <= today
    assert term_of(f"{today.year + 1}", today) is None


@given(values=st.lists(st.integers(-900, 900_000) | st.none(), min_size=1, max_size=12))
def test_a_chart_stays_within_its_frame(values: list[int | None]) -> None:
    for sort in ("stack", "lines"):
        row = {"name": "postes", "values": values}
        shapes = drawn(
            {
                "sort": sort,
                "text": "",
                "unit": "",
                "labels": ["m"] * len(values),
                "series": [row],
                "over": [row],
            }
        )
        assert all(0 <= box.y <= box.y + box.h <= shapes.height for box in shapes.boxes)
        assert all(0 <= y <= shapes.height for y in [*shapes.rules, *(dot[1] for dot in shapes.dots)])


def test_it_says_what_the_rows_say(world: World) -> None:
    found = tables(told_of(world.site))
    income = found["income/0"]
    assert income["rows"][0][1:] == [
        "300.00",
        "60.00",
        "0.00",
        "40.00",
        "10.00",
        "410.00",
        "1000.00",
        "500.00",
    ]
    assert income["total"][6:] == ["460.00", "3000.00", "1500.00"]
    year_ago = {row[0]: row[-1] for row in found["income/1"]["rows"]}
    assert year_ago["Recettes propres"] == "100.00"
    assert found["coverage/0"]["rows"][0][1:4] == [41, 91, 33]
    assert found["agreement/0"]["rows"][0][0:4:3] == ["Recettes de l’année", "460,00\u00a0€"]
    assert found["agreement/0"]["rows"][0][-1] == "atteint"


def test_the_report_says_what_the_fec_and_the_closings_say() -> None:
    """V13's small year: a pass given back in part, an advance and its final invoice, terms, several rates."""
    with time_machine.travel(NOW, tick=False):
        seller = books.make_books()
    site = Site.objects.create(seller=seller, code="essai", name="Essai", place="Essai")
    while close_day(seller=seller, now=AFTER):
        pass
    term = Term("year", date(2026, 1, 1))
    found = tables(told_of(site, term))
    rows = read_fec(fec(entries_of(seller, Period(term.first, term.last))))
    credited = sum((row.credit - row.debit for row in rows if row.account.startswith("7")), Decimal(0))
    assert credited == Decimal("1324.66")
    assert Decimal(found["income/0"]["total"][6]) == credited
    agreed = {row[0]: Decimal(row[1]) for row in found["agreeing/0"]["rows"]}
    events = PaymentEvent.objects.filter(seller=seller)
    paid = sum(
        (-each.amount if each.kind == PaymentEvent.Kind.REFUNDED else each.amount for each in events),
        Decimal(0),
    )
    assert agreed["Comptes de produits du journal (FEC)"] == credited
    assert agreed["Encaissé, moins remboursé"] == agreed["Clôtures de caisse de la période"] == paid
    assert not any(amount for label, amount in agreed.items() if label.startswith(("Écart", "Ventes hors")))
    whole = (
        "Comptes de produits du journal (FEC)",
        "TVA facturée",
        "Acomptes facturés, moins ceux que les soldes déduisent",
    )
    assert sum(agreed[label] for label in whole) == agreed["Facturé aux clients, toutes taxes comprises"]
