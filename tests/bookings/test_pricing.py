"""What using a space costs: caps, halves and days, with VAT or without."""

from datetime import date, time
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from billing.money import Basis
from bookings.opening import HoursRow, opening_on
from bookings.period import QUARTER, Period, at
from bookings.pricing import Price, TariffRow, price_of, tariff_for
from tests.factories.bookings import PARIS, SINCE, TOMORROW, on

ROWS = [HoursRow(2, time(9), time(13), "morning"), HoursRow(2, time(13), time(18), "afternoon")]
OPENING = opening_on(TOMORROW, zone=PARIS, rows=ROWS)
MORNING, WHOLE = on(TOMORROW, time(9), time(13)), on(TOMORROW, time(9), time(18))


def row(
    *,
    kind: str = "desk",
    space_id: int | None = None,
    audience: str = "outside",
    basis: Basis = "ttc",
    valid_from: date = SINCE,
    valid_to: date | None = None,
    **amounts: str | Decimal | None,
) -> TariffRow:
    exact = {name: Decimal(amount) for name, amount in amounts.items() if amount is not None}
    return TariffRow(
        kind, space_id, audience, 1, "Article", basis, Decimal("20.00"), valid_from, valid_to, **exact
    )


def priced(tariff: TariffRow, period: Period) -> Price:
    price = price_of(tariff, period, OPENING)
    assert price is not None
    return price


def test_a_desk_goes_by_the_half_day_and_the_day() -> None:
    tariff = row(half_day="9.00", day="15.00")
    assert priced(tariff, MORNING).amount_incl == Decimal("9.00")
    assert (priced(tariff, WHOLE).unit, priced(tariff, WHOLE).amount_incl) == ("day", Decimal("15.00"))


def test_a_day_is_never_dearer_than_two_half_days() -> None:
    price = priced(row(half_day="7.00", day="15.00"), WHOLE)
    assert (price.quantity, price.unit, price.amount_incl) == (Decimal(2), "half_day", Decimal("14.00"))
    assert priced(row(half_day="7.50", day="15.00"), WHOLE).unit == "day"


def test_a_room_goes_by_quarter_hours_up_to_its_cap() -> None:
    tariff = row(kind="room", hour="18.00", day_cap="90.00")
    assert priced(tariff, on(TOMORROW, time(14), time(16, 15))).amount_incl == Decimal("40.50")
    assert priced(tariff, on(TOMORROW, time(9), time(16))).amount_incl == Decimal("90.00")


def test_a_price_without_vat_adds_it() -> None:
    price = priced(row(half_day="10.00", basis="ht"), MORNING)
    assert (price.amount_excl, price.amount_vat, price.amount_incl) == (
        Decimal("10.00"),
        Decimal("2.00"),
        Decimal("12.00"),
    )


def test_a_price_with_vat_contains_it() -> None:
    price = priced(row(half_day="9.00"), MORNING)
    assert (price.amount_excl, price.amount_vat) == (Decimal("7.50"), Decimal("1.50"))


def test_the_spaces_own_tariff_wins_then_the_latest() -> None:
    general = row(half_day="9.00")
    newer = row(half_day="10.00", valid_from=date(2026, 1, 1))
    own = row(half_day="5.00", space_id=7)
    ended = row(half_day="1.00", valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30))
    rows = [general, newer, own, ended]
    asked = {"kind": "desk", "audience": "outside", "day": TOMORROW}
    assert tariff_for(rows, space_id=7, **asked) is own  # type: ignore[arg-type]  # the same words twice
    assert tariff_for(rows, space_id=8, **asked) is newer  # type: ignore[arg-type]  # the same words twice
    assert tariff_for(rows, kind="hall", space_id=8, audience="outside", day=TOMORROW) is None


amounts = st.none() | st.decimals(0, 200, places=2)


@given(amounts, amounts, amounts, amounts, st.integers(0, 34), st.integers(1, 36), st.integers(1, 36))
def test_staying_longer_never_costs_less(
    half_day: Decimal | None,
    day: Decimal | None,
    hour: Decimal | None,
    cap: Decimal | None,
    start: int,
    length: int,
    longer: int,
) -> None:
    tariff = row(half_day=half_day, day=day, hour=hour, day_cap=cap)
    opens = at(TOMORROW, time(9), PARIS)
    shorter_end, longer_end = (min(36, start + each) for each in sorted((length, longer)))
    shorter = price_of(tariff, Period(opens + start * QUARTER, opens + shorter_end * QUARTER), OPENING)
    longest = price_of(tariff, Period(opens + start * QUARTER, opens + longer_end * QUARTER), OPENING)
    if shorter is None or longest is None:
        assert half_day is day is hour is cap is None
        return
    assert shorter.amount_incl <= longest.amount_incl
    assert longest.amount_excl + longest.amount_vat == longest.amount_incl
    if half_day is not None:
        assert longest.amount_incl <= 2 * half_day
