"""Where, when and for how many a rental takes place, as things stand: it may have moved since the quote."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.text import capfirst

from bookings.models import Booking, RentalLayout, RentalQuote
from bookings.period import Period


@dataclass(frozen=True)
class Stay:
    """What is held of the house: `taken` is the time with setting up and clearing."""

    bookings: Sequence[Booking]
    period: Period
    taken: Period

    @property
    def places(self) -> str:
        """« Le Quai, Salle Pommier »."""
        return ", ".join(each.space.label for each in self.bookings)


def stay_of(rental: RentalQuote) -> Stay | None:
    """The stay of a rental whose spaces are sure; None before, and once it is called off. One query."""
    return _stay(rental, [each for each in held_by(rental) if each.state == Booking.State.CONFIRMED])


def last_stay_of(rental: RentalQuote) -> Stay | None:
    """The same whatever has become of it, for what must be taken out of an agenda."""
    return _stay(rental, held_by(rental))


def held_by(rental: RentalQuote) -> list[Booking]:
    """The bookings of a rental with their spaces."""
    rows = Booking.objects.filter(rental_option__rental=rental)
    return list(rows.select_related("space", "site").prefetch_related("space__equipment").order_by("pk"))


@dataclass(frozen=True)
class Party:
    """For how many, and how they sit: no `layout` is to be seen together."""

    people: int
    layout: str

    @property
    def layout_said(self) -> str:
        """« En théâtre »; nothing where it is to be seen together."""
        return capfirst(str(RentalLayout.Kind(self.layout).label)) if self.layout else ""


def party_of(rental: RentalQuote) -> Party:
    """For how many and how it is set up as things stand: as agreed, unless that was changed since."""
    day, agreed = getattr(rental, "day", None), rental.request
    if day is None:
        return Party(agreed.people, agreed.layout)
    return Party(day.people or agreed.people, agreed.layout if day.layout is None else day.layout)


def period_of(rental: RentalQuote) -> Period:
    """From when to when it takes place, else is offered."""
    sure = Booking.objects.filter(rental_option__rental=rental, state=Booking.State.CONFIRMED)
    held = sure.only("during").order_by()
    return used(rental, _around(held)) if held else rental.period


def used(rental: RentalQuote, taken: Period) -> Period:
    """A time that is taken, without setting up and clearing."""
    setup, clearing = timedelta(minutes=rental.setup_minutes), timedelta(minutes=rental.clearing_minutes)
    return Period(taken.utc.start + setup, taken.utc.end - clearing)


def _stay(rental: RentalQuote, bookings: Sequence[Booking]) -> Stay | None:
    if not bookings:
        return None
    taken = _around(bookings)
    return Stay(bookings, used(rental, taken), taken)


def _around(bookings: Iterable[Booking]) -> Period:
    """From the beginning of the first to the end of the last."""
    periods = [each.period.utc for each in bookings]
    return Period(min(each.start for each in periods), max(each.end for each in periods))
