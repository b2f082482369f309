"""The figures of « Pilotage », recomputed from raw rows: a small world with known answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from billing.models import Document, DocumentLine, Order
from billing.settlement.services import reverse_line
from cantine.models import BudgetLine
from cantine.pilotage import board, chart, tables
from cantine.pilotage.asked import Asked
from cantine.pilotage.figures import coverage, income
from cantine.pilotage.figures.months import shift
from cantine.pilotage.figures.trajectory import expected
from cantine.roles import synchronise
from tests.cantine.pilotage.world import MONTH, World, article, make_budget, order, sold
from tests.factories.billing import new_line
from tests.factories.bookings import NOW
from tests.factories.members import make_superuser
from tests.factories.rentals import make_rented_house, make_sent, make_won
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
MOST_QUERIES = 20


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with lasting(django_db_blocker):
        synchronise()
        yield World(make_superuser(email="direction@cantine.example"))


def asked(world: World, *sites: object) -> Asked:
    chosen = tuple(sites) or (world.site,)
    return Asked(chosen, (world.site, world.other), len(chosen) == 2, MONTH, 12, MONTH)  # type: ignore[arg-type]


def told(month: dict[str, Decimal]) -> list[int]:
    return [int(month[name]) for name in income.GROUPS]


def test_income_is_told_by_group_and_month_and_agrees_with_the_lines_issued(world: World) -> None:
    found = income.by_group(income.by_category([world.site], date(2025, 10, 1), MONTH))
    assert {month: told(amounts) for month, amounts in found.items()} == {
        date(2025, 10, 1): [100, 0, 0, 0, 0],
        OCTOBER: [300, 60, 0, 40, 10],
        MONTH: [50, 0, 0, 0, 0],
    }
    raw = [
        line.amount_excl
        for line in DocumentLine.objects.select_related("document__order")
        if line.document.order.site_code == world.site.code and line.document.issued_on.month == 10
    ]
    october = coverage.by_month([world.site], OCTOBER, OCTOBER)[OCTOBER]
    assert october.own == sum(raw) - 100 == Decimal("410.00")
    assert (october.costs, october.grants) == (Decimal(1000), Decimal(500))
    assert (october.coverage, october.with_grants) == (41, 91)


def test_what_is_credited_is_taken_off_in_the_month_of_the_credit_note(world: World) -> None:
    boss = make_superuser()
    made = sold(world.site, "postes", "120.00", now=NOW, by=boss)
    with transaction.atomic():
        reverse_line(line=made.lines.get(), kept=Decimal("30.00"), by=boss, now=NOW + timedelta(hours=1))
    found = coverage.by_month([world.site], OCTOBER, MONTH)
    assert (found[OCTOBER].own, found[MONTH].own) == (Decimal(410), Decimal(50 + 100 - 75))


def test_a_month_is_made_of_the_documents_and_lines_that_are_listed(world: World) -> None:
    for month in (OCTOBER, MONTH, date(2026, 9, 1)):
        listed = list(income.documents([world.site], month))
        amounts = income.of_documents([world.site], month, listed)
        whole = coverage.by_month([world.site], month, month)[month]
        assert sum((sum(parts.values()) for parts in amounts.values()), Decimal(0)) == whole.own
        assert {each.order.site_code for each in listed} <= {world.site.code}
        lines = BudgetLine.objects.of([world.site]).between(month, month)
        assert sum(line.amount for line in lines if line.kind == "cost") == whole.costs


def test_what_a_seller_spends_counts_only_with_all_of_its_sites(world: World) -> None:
    world.other.seller = world.site.seller
    world.other.save()
    BudgetLine.objects.create(seller=world.site.seller, label="Poste", month=OCTOBER, amount=600)
    alone, both = (
        coverage.budget(sites, OCTOBER, OCTOBER)[OCTOBER]["cost"]
        for sites in ([world.site], [world.site, world.other])
    )
    assert (alone, both) == (Decimal(1000), Decimal(1600))


def test_the_page_says_the_last_month_that_is_over_the_year_and_the_way(world: World) -> None:
    found = board.read(asked(world), now=NOW)
    assert (found.head.month, found.head.money.coverage, found.head.target, found.head.gap) == (
        OCTOBER,
        41,
        33,
        8,
    )
    assert (found.year.money.own, found.year.before.own, found.year.growth) == (
        Decimal(410),
        Decimal(100),
        310,
    )
    assert (found.year.months_costed, found.year.costed.coverage) == (1, 41)
    assert (found.rows[0].month, found.rows[-1].month, found.rows[-1].is_running) == (
        date(2025, 12, 1),
        MONTH,
        True,
    )
    assert found.rows[-2].before == 100
    assert found.coming[-1].month == date(2027, 8, 1)
    drawn = chart.draw(found)
    assert {box.kind for box in drawn.boxes} == {"desks", "rooms", "events", "other"}
    assert drawn.dot == drawn.way[-1]
    assert drawn.ticks[-1].value == 100
    line = tables.table_of(found).splitlines()[-2]
    assert line == "2026-10;300,00;60,00;0,00;40,00;10,00;410,00;100,00;1000,00;500,00;41;91;33"


def test_without_a_budget_income_is_still_drawn_in_euros(world: World) -> None:
    found = board.read(asked(world, world.other), now=NOW)
    drawn = chart.draw(found)
    assert not found.has_costs
    assert (drawn.in_percent, drawn.way, drawn.ticks[-1].value) == (False, [], 1000)
    assert (found.head.money.own, found.head.money.coverage) == (Decimal(1000), None)


def test_what_may_come_is_what_is_booked_and_with_every_quote_at_most(world: World) -> None:
    order(
        world.site,
        new_line(article(world.site, "postes"), "24.00"),
        now=NOW,
        expires=NOW + timedelta(days=30),
    )
    house, second = make_rented_house(name="Bernay"), make_rented_house(name="Lisieux")
    sent, won = make_sent(second), make_won(house)
    found = expected([world.site], now=NOW)
    assert {month: (each.low, each.high) for month, each in found.items()} == {
        date(2026, 12, 1): (Decimal(20), Decimal(20))
    }
    rented = expected([house, second], now=NOW)
    month = won.period.end.date().replace(day=1)
    assert rented[month].booked == won.quote.total_excl > 0
    assert rented[month].quoted == sent.quote.total_excl > 0
    assert Order.objects.filter(quote=won.quote, site_code=house.code).exists()  # its advance does not count
    after = expected([second], now=sent.quote.valid_until + timedelta(days=1))
    assert sum(each.quoted for each in after.values()) == 0


def queries(world: World, sites: tuple[object, ...], number: int) -> int:
    wanted = Asked(sites, (world.site, world.other), False, MONTH, number, MONTH)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as seen:
        board.read(wanted, now=NOW)
    return len(seen)


def test_queries_grow_neither_with_rows_nor_with_sites_nor_with_months(world: World) -> None:
    few = queries(world, (world.site,), 12)
    boss = make_superuser()
    for number in range(4):
        sold(world.site, "postes", "12.00", now=NOW, by=boss)
        make_budget(world.site, shift(MONTH, -5 - number))
    assert queries(world, (world.site, world.other), 36) <= few <= MOST_QUERIES
    assert Document.objects.count() > 10
