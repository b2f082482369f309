"""The spaces a quote offers: who else wants that date, and the bookings that hold it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bookings.errors import AlreadyTaken
from bookings.errors_quote import DateTaken, OptionInTheWay
from bookings.models import Booking, RentalOption, RentalQuote, RentalRequest, Space
from bookings.period import Period
from bookings.services import reserving
from bookings.services.expiring import expire, expire_in_the_way
from bookings.services.fulfilling import take_back
from bookings.services.rules import atoms_of
from members.transactions import require_transaction


@dataclass(frozen=True)
class InTheWay:
    """A booking over the time that is offered; `request` is whose option it is, where it is one."""

    booking: Booking
    request: RentalRequest | None

    @property
    def is_option(self) -> bool:
        """Whether it is another quote's option, which may come to nothing."""
        return self.request is not None and self.booking.state == Booking.State.HELD


def in_the_way(rental: RentalQuote, *, now: datetime) -> list[InTheWay]:
    """What others have taken of the spaces offered; two queries at most, whatever their number."""
    spaces = Space.objects.filter(pk__in=rental.options.values("space"))
    return taken_over(list(spaces), rental.taken_period, but=rental.request, now=now)


def taken_over(
    spaces: Sequence[Space], period: Period, *, but: RentalRequest, now: datetime
) -> list[InTheWay]:
    """Bookings on any part of `spaces` over `period`, without those of the request's own quotes."""
    atoms = {atom for space in spaces for atom in atoms_of(space)}
    rows = Booking.objects.active().filter(
        occupancies__atom__in=atoms, occupancies__during__overlap=period.range
    )
    rows = rows.exclude(Q(state=Booking.State.HELD, held_until__lte=now)).exclude(
        pk__in=RentalOption.objects.filter(rental__request=but, booking__isnull=False).values("booking")
    )
    joined = rows.select_related("space", "customer", "rental_option__rental__request__site")
    return [InTheWay(each, _request_of(each)) for each in joined.distinct().order_by("during", "pk")]


def _request_of(booking: Booking) -> RentalRequest | None:
    option = getattr(booking, "rental_option", None)
    return option.rental.request if option is not None else None


def competing(request: RentalRequest, spaces: Sequence[Space], period: Period) -> list[RentalRequest]:
    """Other requests still to be decided for the same time, in one of `spaces` or in none yet."""
    same = RentalRequest.objects.filter(
        site=request.site, state__in=RentalRequest.TO_DECIDE, during__overlap=period.range
    )
    atoms = {atom for space in spaces for atom in atoms_of(space)}
    wanted = Q(space=None) | Q(space__parts__atom__in=atoms) if atoms else Q()
    others = same.filter(wanted).exclude(pk=request.pk).select_related("space", "site")
    return list(others.distinct().order_by("received_at", "pk"))


def clear_the_way(rental: RentalQuote, *, now: datetime) -> None:
    """Step: end the holds over what is offered whose time is up, before the request: orders come first."""
    for option in rental.options.select_related("space"):
        expire_in_the_way(atoms_of(option.space), rental.taken_period, now=now)


def hold(rental: RentalQuote, *, until: datetime, now: datetime) -> None:
    """Step: hold every space offered until then, where that is not done.

    All or none: raises `OptionInTheWay` where nothing but options of others stands in the way, `DateTaken`
    otherwise; what was taken until then is given back.
    """
    require_transaction()
    try:
        with transaction.atomic():
            for option in rental.options.select_related("space__site", "booking").order_by("space"):
                if option.booking is None or not option.booking.is_active:
                    _hold(option, rental, until=until, now=now)
    except AlreadyTaken:
        others = in_the_way(rental, now=now)
        raise _refusal(others) from None


def _hold(option: RentalOption, rental: RentalQuote, *, until: datetime, now: datetime) -> None:
    option.booking = reserving.reserve(
        space=option.space,
        period=rental.taken_period,
        purpose=Booking.Purpose.RENTAL,
        held_until=until,
        note=str(rental.request)[:200],
        now=now,
    )
    option.save(update_fields=["booking"])


def _refusal(others: Sequence[InTheWay]) -> DateTaken:
    return OptionInTheWay() if others and all(each.is_option for each in others) else DateTaken()


def bookings_of(rental: RentalQuote) -> list[Booking]:
    """Step: lock the bookings that hold what a quote offers, in the order of their ids."""
    require_transaction()
    rows = Booking.objects.select_for_update(of=("self",), no_key=True).select_related("space__site", "site")
    return list(rows.filter(rental_option__rental=rental).order_by("pk"))


def release(rental: RentalQuote, *, now: datetime) -> list[Booking]:
    """Step: let go of what a quote holds; returns the bookings that are off."""
    held = [booking for booking in bookings_of(rental) if booking.is_active]
    for booking in held:
        reserving.release(booking, now=now)
    return held


def run_out(rental: RentalQuote, *, now: datetime) -> None:
    """Step: what a quote holds is free again, its time is up; what is sure stays."""
    for booking in bookings_of(rental):
        expire(booking, now=now)


def keep(rental: RentalQuote, *, until: datetime) -> None:
    """Step: hold it until then."""
    for booking in bookings_of(rental):
        if booking.state == Booking.State.HELD:
            booking.held_until = until
            booking.save(update_fields=["held_until"])


def confirm(rental: RentalQuote, *, now: datetime) -> bool:
    """Step: make sure what a quote holds; False where it let a space go and somebody else has it."""
    bookings = bookings_of(rental)
    if not bookings or any(booking.state == Booking.State.CANCELLED for booking in bookings):
        return False
    try:
        with transaction.atomic():
            for booking in bookings:
                _confirm(booking, now=now)
    except AlreadyTaken:
        return False
    return True


def _confirm(booking: Booking, *, now: datetime) -> None:
    if booking.state == Booking.State.CONFIRMED:
        return
    if booking.state == Booking.State.EXPIRED and not take_back(booking, now=now):
        raise AlreadyTaken
    booking.state, booking.held_until, booking.confirmed_at = Booking.State.CONFIRMED, None, now
    booking.save(update_fields=["state", "held_until", "confirmed_at"])
