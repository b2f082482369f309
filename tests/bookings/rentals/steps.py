"""What is done with a quote, and what has become of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

from django.db import connection

from billing.documents.discounting import Discount
from billing.models import Document, Order, Quote
from billing.quotes.accepting import Evidence
from billing.quotes.offers import OfferedLine, offer_of
from billing.settlement.services import take_at_desk
from bookings.models import Booking, RentalQuote, RentalRequest, ScaleStep, Site
from bookings.services.rentals.answering import accept_quote, refuse_quote
from bookings.services.rentals.quoting import What, save_draft
from bookings.services.rentals.sending import send_quote
from members.errors import Refused
from members.legal_pages import seed
from members.models import Message, Page
from tests.factories.bookings import NOW, PARIS, SINCE
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_draft, make_rented_house

WHO = Evidence(name="Maud Essai", function="présidente", ip="192.0.2.7", agent="Navigateur d’essai")
D = Decimal
HALL = OfferedLine("Le Quai", D(1), D("1200.00"), "ht", D("20.00"))
AFTER = datetime(DAY.year, DAY.month, DAY.day, 23, tzinfo=NOW.tzinfo)
SCALE = ((15, 0), (10, 20), (5, 50), (0, 100))
"""Days before, and what is kept from then on, in percent."""
Act = Callable[[], object]
States = tuple[str, str, list[str]]
HELD: States = ("sent", "quoted", ["held"])
BEHIND: States = ("sent", "quoted", [])


def make_house_with_terms() -> Site:
    """A house that rents two rooms joined and a hall, with its terms of sale."""
    seed(Page, date(2020, 1, 1))
    return make_rented_house()


def states(rental: RentalQuote) -> States:
    """Quote, request, bookings."""
    rental = RentalQuote.objects.select_related("quote", "request").get(pk=rental.pk)
    found = Booking.objects.filter(rental_option__rental=rental).order_by("pk")
    return rental.quote.state, rental.request.state, [each.state for each in found]


def accept(rental: RentalQuote, now: datetime = NOW) -> RentalQuote:
    return accept_quote(rental=rental, evidence=WHO, now=now)


def told(rental: RentalQuote) -> set[str]:
    rows = Message.objects.filter(ids__rental=rental.pk)
    return {f"{row.template.removeprefix('rentals/')}:{row.ids['news']}" for row in rows}


def pay(order: Order | None, now: datetime = NOW) -> Document:
    assert order is not None
    take_at_desk(order=order, method="transfer", by=make_user(role="manager"), now=now)
    return Document.objects.get(order=order)


def make_accepted(
    site: Site,
    lines: Sequence[OfferedLine] = (HALL,),
    *,
    discount: Discount | None = None,
    percent: int = 30,
    confirmation: str = Quote.Confirmation.ON_ADVANCE,
    purchase_order: str = "",
    **request: Any,
) -> RentalQuote:
    rental = make_draft(site, **{"buyer": "association", **request})
    offer = offer_of(rental.quote)
    offer = replace(
        offer, lines=list(lines), discount=discount, advance_percent=percent, confirmation=confirmation
    )
    what = What([site.spaces.get(code="quai")], rental.period)
    save_draft(rental=rental, what=what, offer=offer)
    who = replace(WHO, purchase_order=purchase_order)
    return accept_quote(rental=send_quote(rental=rental, now=NOW), evidence=who, now=NOW)


def offer_until(rental: RentalQuote, until: datetime, what: What | None = None) -> None:
    """Write a draft anew with another last day, and other spaces or hours where they are given."""
    hall = rental.request.site.spaces.get(code="quai")
    offer = replace(offer_of(rental.quote), valid_until=until)
    save_draft(rental=rental, what=what or What([hall], rental.period), offer=offer)


def pay_advance(rental: RentalQuote, now: datetime = NOW) -> Document:
    return pay(Order.objects.get(quote=rental.quote_id), now)


def state(rental: RentalQuote) -> str:
    return RentalRequest.objects.get(pk=rental.request_id).state


def at_once(*acts: Act) -> list[Refused | None]:
    """Run each in a thread of its own, together; what each was refused for, or None."""
    barrier = Barrier(len(acts))

    def run(act: Act) -> Refused | None:
        try:
            barrier.wait(timeout=10)
            act()
        except Refused as refused:
            return refused
        else:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def make_scale(site: Site, steps: Sequence[tuple[int, int]] = SCALE) -> None:
    for days, percent in steps:
        ScaleStep.objects.create(site=site, days_before=days, percent_kept=percent, valid_from=SINCE)


def behind(site: Site, now: datetime = NOW) -> RentalQuote:
    """A quote for the hall that was sent behind the option that stands."""
    return send_quote(rental=make_draft(site, now=now), now=now, behind_options=True)


def refuse(rental: RentalQuote) -> None:
    refuse_quote(rental=rental, reason="Non", now=NOW)


def booking_of(rental: RentalQuote) -> Booking:
    return Booking.objects.get(rental_option__rental=rental)


def advance_of(rental: RentalQuote) -> Document:
    return Document.objects.get(order__quote=rental.quote_id, kind="advance")


def days_before(days: int) -> datetime:
    return datetime.combine(DAY - timedelta(days=days), time(9), PARIS)
