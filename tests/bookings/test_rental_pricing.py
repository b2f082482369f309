"""What a rental would cost: exact, never dearer for fewer, and the same as a document would say."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bookings.opening import Opening
from bookings.period import QUARTER, Period, at
from bookings.pricing import TariffRow
from bookings.rental_pricing import ExtraRow, from_price, hours_begun, indicate, quantity_of

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 12, 12)
CENT = Decimal("0.01")

amounts = st.decimals(min_value=0, max_value=5000, places=2)
rates = st.sampled_from([Decimal(each) for each in ("0.00", "5.50", "10.00", "20.00")])
bases = st.sampled_from(["ht", "ttc"])


def tariff(**fields: object) -> TariffRow:
    defaults: dict[str, object] = {
        "kind": "hall", "space_id": None, "audience": "outside", "product_id": 1, "product_name": "Salle",
        "basis": "ttc", "rate": Decimal("20.00"), "valid_from": date(2020, 1, 1),
    }  # fmt: skip
    return TariffRow(**{**defaults, **fields})  # type: ignore[arg-type]  # a factory of keyword arguments


def extra(pk: int = 1, per: str = "rental", amount: str = "60.00", **fields: object) -> ExtraRow:
    defaults: dict[str, object] = {"basis": "ht", "rate": Decimal("20.00"), "name": "Sonorisation"}
    return ExtraRow(pk=pk, per=per, amount=Decimal(amount), **{**defaults, **fields})  # type: ignore[arg-type]


def hours(start: int, end: int) -> Period:
    return Period(at(DAY, time(start), PARIS), at(DAY, time(end), PARIS))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = datetime(2026, 12, 12, 8, tzinfo=PARIS) + timedelta(minutes=draw(st.integers(0, 600)))
    return Period(start, start + timedelta(minutes=draw(st.integers(1, 900))))


tariffs = st.builds(
    tariff,
    hour=amounts,
    day_cap=st.none() | amounts,
    half_day=st.none() | amounts,
    rate=rates,
    basis=bases,
)
extras = st.lists(
    st.builds(
        ExtraRow, pk=st.integers(), name=st.just("x"), per=st.sampled_from(["rental", "person", "hour"]),
        amount=amounts, basis=bases, rate=rates,
    ),
    max_size=4,
)  # fmt: skip


def test_says_the_least_unit_of_a_tariff_without_vat() -> None:
    assert from_price(None) is None
    hour = from_price(tariff(hour=Decimal("18.00"), day=Decimal("110.00")))
    assert hour is not None
    assert (hour.excl, hour.unit) == (Decimal("15.00"), "hour")
    half = from_price(tariff(half_day=Decimal("160.00"), basis="ht"))
    assert half is not None
    assert (half.excl, half.unit) == (Decimal("160.00"), "half_day")


def test_four_hours_of_the_hall_with_coffee_and_sound() -> None:
    coffee = extra(2, per="person", amount="4.00", rate=Decimal("10.00"), name="Café")
    found = indicate(
        name="Le Quai",
        tariff=tariff(hour=Decimal("45.00"), day_cap=Decimal("320.00")),
        period=hours(14, 18),
        opening=Opening(DAY),
        people=45,
        extras=[extra(), coffee],
    )
    assert found is not None
    assert [(line.quantity, line.excl) for line in found.lines] == [
        (Decimal(4), Decimal("150.00")),
        (Decimal(1), Decimal("60.00")),
        (Decimal(45), Decimal("180.00")),
    ]
    assert (found.total.excl, found.total.incl) == (Decimal("390.00"), Decimal("450.00"))


def test_nothing_is_said_where_no_tariff_says_anything() -> None:
    asked = {"name": "x", "period": hours(9, 10), "opening": Opening(DAY), "people": 1}
    assert indicate(tariff=None, **asked) is None  # type: ignore[arg-type]


@given(tariffs, periods(), extras, st.integers(1, 500))
def test_totals_are_cents_that_add_up(
    row: TariffRow, period: Period, chosen: list[ExtraRow], people: int
) -> None:
    found = indicate(name="x", tariff=row, period=period, opening=Opening(DAY), people=people, extras=chosen)
    assert found is not None
    total = found.total
    assert total.excl + total.vat == total.incl
    assert all(each == each.quantize(CENT) for each in (total.excl, total.vat, total.incl))
    assert len(found.lines) == 1 + len(chosen)
    lines = sum((line.excl for line in found.lines), Decimal(0))
    assert abs(lines - total.excl) <= CENT * len(found.lines)


@given(tariffs, periods(), extras, st.integers(1, 400), st.integers(0, 100), st.integers(0, 300))
def test_more_people_or_more_time_never_costs_less(
    row: TariffRow, period: Period, chosen: list[ExtraRow], people: int, more: int, minutes: int
) -> None:
    longer = Period(period.start, period.end + timedelta(minutes=minutes))
    asked = {"name": "x", "tariff": row, "opening": Opening(DAY), "extras": chosen}
    less = indicate(period=period, people=people, **asked)  # type: ignore[arg-type]
    most = indicate(period=longer, people=people + more, **asked)  # type: ignore[arg-type]
    assert less is not None
    assert most is not None
    assert less.total.incl <= most.total.incl


@given(periods(), st.integers(1, 500))
def test_an_extra_is_counted_as_it_says(period: Period, people: int) -> None:
    assert quantity_of(extra(), people=people, period=period) == 1
    assert quantity_of(extra(per="person"), people=people, period=period) == people
    quarters = hours_begun(period) * 4
    assert quarters == int(quarters)
    beyond = int(quarters) * QUARTER - period.length
    assert timedelta(0) <= beyond < QUARTER
