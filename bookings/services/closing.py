"""Closing a site or a space for a while: who is hit, what is proposed, and doing it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import Order, OrderLine
from billing.money import ZERO
from billing.orders.services import lock
from bookings import purposes
from bookings.errors import AlreadyTaken, NotClosable, Past
from bookings.models import Booking, Closure, Site, Space
from bookings.period import Period
from bookings.services import availability, telling
from bookings.services.expiring import expire_in_the_way
from bookings.services.freeing import locked_booking, undo
from bookings.services.occupying import free, occupy
from bookings.services.rentals import second_rank
from bookings.services.rules import atoms_of
from bookings.services.shown import ClosurePreview, Hit
from members import reach
from members.errors import NotAllowed
from members.models import User
from members.transactions import own_transaction, require_transaction


def preview(*, site: Site, period: Period, space: Space | None = None, now: datetime) -> ClosurePreview:
    """Who a closure would hit; each is proposed the nearest free space alike, or its money back."""
    shut = _shut(site, space)
    hits: list[Hit] = []
    given: set[int] = {each.pk for each in shut}
    for booking in _hit(shut, period, now):
        proposal = None
        if booking.purpose == Booking.Purpose.MEMBER and booking.period.start > now:
            free_ones = availability.alternatives(
                space=booking.space, period=booking.period, now=now, limit=1, without=given
            )
            proposal = next((each for each in free_ones if each.capacity >= booking.space.capacity), None)
        if proposal is not None:
            given.update(atoms_of(proposal))
        hits.append(Hit(booking, proposal, ZERO if proposal else _amount(booking)))
    return ClosurePreview(site, space, period, hits)


def _shut(site: Site, space: Space | None) -> list[Space]:
    """The atoms that are closed, in the order they are locked in."""
    atoms = (
        Space.objects.with_atoms().filter(site=site, parts__atom_id__isnull=False).distinct().order_by("pk")
    )
    wanted = set(atoms_of(space)) if space is not None else None
    return [each for each in atoms if atoms_of(each) == [each.pk] and (wanted is None or each.pk in wanted)]


def _hit(shut: Iterable[Space], period: Period, now: datetime) -> list[Booking]:
    """Bookings that hold one of these atoms then and are not over, in the order they are locked in."""
    held = Booking.objects.active().filter(
        occupancies__atom__in=[space.pk for space in shut],
        occupancies__during__overlap=period.range,
        during__endswith__gt=now,
    )
    joined = held.select_related(
        "site", "space__site", "customer__user", "booked_by", "line__order", "closure"
    )
    return list(joined.order_by("line__order__pk", "pk").distinct())


def _amount(booking: Booking) -> Decimal:
    line = booking.line
    return line.amount_incl if line is not None and line.state == OrderLine.State.FULFILLED else ZERO


@own_transaction
def close(
    *,
    site: Site,
    period: Period,
    reason: str,
    by: User,
    now: datetime,
    space: Space | None = None,
    move: bool = True,
) -> Closure:
    """Close `site`, or one `space`, for `period`.

    Displaced bookings are moved (unless `move` is off), or cancelled with everything given back, and their
    people are told; then every atom is taken by the closure. What has passed of `period` is left as it was.
    Raises `Past`, or `NotClosable` when something there is not ours to displace; nothing is written then.
    """
    if not reach.of(by).covers(site.pk):
        raise NotAllowed
    period = _still_ahead(period, now)
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)  # two closures of a site never cross
    shut = _shut(site, space)
    expire_in_the_way([each.pk for each in shut], period, now=now)
    hits = preview(site=site, period=period, space=space, now=now).hits
    _lock_orders(hits)
    for hit in hits:
        _displace(hit, reason=reason, move=move, by=by, now=now)
    closure = Closure.objects.create(site=site, space=space, during=period.range, reason=reason, booked_by=by)
    for each in shut:
        _take(each, closure, period, by=by, now=now)
    return closure


def _still_ahead(period: Period, now: datetime) -> Period:
    """What is left of `period`: those who came and went keep their places in the figures."""
    if period.end <= now:
        raise Past
    return Period(max(period.utc.start, now.astimezone(UTC)), period.end)


def _lock_orders(hits: Iterable[Hit]) -> None:
    """Step: lock every order first, by id: the first credit note locks a series, which comes after them."""
    ids = [hit.booking.line.order_id for hit in hits if hit.booking.line is not None]
    list(Order.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk"))


def _displace(hit: Hit, *, reason: str, move: bool, by: User, now: datetime) -> None:
    """Step: move one booking, or call it off, and tell its person; order before booking."""
    order = lock(hit.booking.line.order) if hit.booking.line is not None else None
    booking = locked_booking(hit.booking)
    if not booking.is_active:
        return
    if booking.purpose != Booking.Purpose.MEMBER:
        _let_go(booking, reason=reason, now=now)
    elif not (move and hit.proposal and _moved(booking, hit.proposal, reason=reason, now=now)):
        told = booking.state == Booking.State.CONFIRMED
        undone = undo(locked_booking(booking), order, kept=ZERO, by=by, now=now, tell=False)
        if told:
            telling.owe_closed(undone, reason=reason)


def _moved(booking: Booking, space: Space, *, reason: str, now: datetime) -> bool:
    """Step: move a booking if the place is still free; what was changed is rolled back otherwise."""
    try:
        with transaction.atomic():
            _move(booking, space, reason=reason, now=now)
    except AlreadyTaken:
        return False
    return True


def _let_go(booking: Booking, *, reason: str, now: datetime) -> None:
    handler = purposes.handler_of(booking)
    if handler is None or not handler.displaced(booking, reason=reason, now=now):
        said = {"what": booking.get_purpose_display(), "space": booking.space.label}
        raise NotClosable(_("%(space)s est déjà pris à ce moment-là (%(what)s).") % said)


def _move(booking: Booking, space: Space, *, reason: str, now: datetime) -> None:
    """Step: delete and insert (an UPDATE would bring deadlocks back); what was paid stays."""
    free(booking)
    booking.displaced_from, booking.displaced_at, booking.displaced_reason = booking.space, now, reason
    booking.space = space
    booking.sequence += 1
    booking.save(update_fields=["space", "sequence", "displaced_from", "displaced_at", "displaced_reason"])
    occupy(booking)
    if booking.state == Booking.State.CONFIRMED:
        telling.owe_moved(booking)


def _take(space: Space, closure: Closure, period: Period, *, by: User, now: datetime) -> None:
    """Step: the closure's own booking of one atom."""
    require_transaction()
    booking = Booking.objects.create(
        site=closure.site,
        space=space,
        during=period.range,
        purpose=Booking.Purpose.CLOSURE,
        booked_by=by,
        closure=closure,
        state=Booking.State.CONFIRMED,
        note=closure.reason,
        created_at=now,
        confirmed_at=now,
    )
    occupy(booking)


@own_transaction
def reopen(*, closure: Closure, by: User, now: datetime) -> None:
    """Take a closure back; whoever was moved or cancelled stays so, quotes that stood in line are served."""
    if not reach.of(by).covers(closure.site_id):
        raise NotAllowed
    rows = closure.bookings.select_for_update(of=("self",), no_key=True).select_related("space")
    taken = list(rows.filter(state=Booking.State.CONFIRMED).order_by("pk"))
    for booking in taken:
        booking.state, booking.cancelled_at, booking.closure = Booking.State.CANCELLED, now, None
        booking.save(update_fields=["state", "cancelled_at", "closure"])
        free(booking)
    closure.delete()
    second_rank.serve(taken, now=now)
