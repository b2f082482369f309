"""Whether a period may be booked: calculation on values, no database. Refusals say what is possible."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bookings import errors
from bookings.opening import Opening
from bookings.period import QUARTER, Period
from members.formats import day as say_day
from members.formats import hour, hours


@dataclass(frozen=True)
class Facts:
    """What is asked, and what the site says of it."""

    period: Period
    opening: Opening
    zone: ZoneInfo
    by_half_days: bool
    horizon_days: int
    notice_minutes: int
    shortest_minutes: int
    longest_hours: int
    most_holds: int
    open_holds: int
    next_open: date | None = None
    out_of_order: bool = False


def check(facts: Facts, *, now: datetime) -> None:
    """Raise the first refusal that applies; nothing is returned when all is well."""
    if facts.out_of_order:
        raise errors.OutOfOrder
    _check_past(facts, now)
    _check_horizon(facts, now)
    _check_opening(facts)
    _check_shape(facts)
    _check_notice(facts, now)
    _check_holds(facts)


def last_day(facts: Facts, now: datetime) -> date:
    """The last day that may be booked."""
    return now.astimezone(facts.zone).date() + timedelta(days=facts.horizon_days)


def _check_past(facts: Facts, now: datetime) -> None:
    """A half-day that runs can still be taken; an hour that began can, within its first quarter."""
    over = facts.period.end <= now if facts.by_half_days else facts.period.start <= now - QUARTER
    if over:
        raise errors.Past


def _check_horizon(facts: Facts, now: datetime) -> None:
    last = last_day(facts, now)
    if facts.opening.day > last:
        raise errors.TooFar(
            _("Les réservations sont ouvertes jusqu’au %(day)s.") % {"day": _day(last)},
        )


def _check_opening(facts: Facts) -> None:
    refusal = closed_over(facts.period, facts.opening, zone=facts.zone, next_open=facts.next_open)
    if refusal is not None:
        raise refusal


def closed_over(
    period: Period, opening: Opening, *, zone: ZoneInfo, next_open: date | None
) -> errors.Closed | None:
    """The refusal of a period that is not open from end to end; None where it is."""
    whole = opening.whole
    if whole is None:
        return closed_day(opening, next_open)
    closure = opening.closure_over(period)
    if closure is not None and closure.reason:
        text = _("La Cantine est fermée à ce moment-là\u00a0: %(reason)s.")
        why = text % {"reason": closure.reason.rstrip(".")}
    elif period.utc.start < whole.start:
        why = _("Ce créneau est fermé\u00a0: la Cantine ouvre à %(hour)s.") % {
            "hour": _hour(whole.start, zone)
        }
    elif period.utc.end > whole.end:
        why = _("Ce créneau est fermé\u00a0: la Cantine ferme à %(hour)s.") % {"hour": _hour(whole.end, zone)}
    elif opening.allows(period):
        return None
    else:
        why = ""
    return closed_then(opening, zone, why=why)


def _check_shape(facts: Facts) -> None:
    """Half-days for desks; quarter-hours, neither too short nor too long, for the rest."""
    length = facts.period.length
    if facts.by_half_days:
        if facts.opening.half_of(facts.period) is None:
            raise errors.NotAHalfDay(instead=_halves(facts))
        return
    if any(_off_quarter(each) for each in (facts.period.start, facts.period.end)):
        raise errors.NotQuarterHour
    if length < timedelta(minutes=facts.shortest_minutes):
        text = ngettext(
            "La durée la plus courte est de %(count)s\u00a0minute.",
            "La durée la plus courte est de %(count)s\u00a0minutes.",
            facts.shortest_minutes,
        )
        raise errors.TooShort(text % {"count": facts.shortest_minutes})
    if length > timedelta(hours=facts.longest_hours):
        text = ngettext(
            "La durée la plus longue est de %(count)s\u00a0heure.",
            "La durée la plus longue est de %(count)s\u00a0heures.",
            facts.longest_hours,
        )
        raise errors.TooLong(text % {"count": facts.longest_hours})


def _check_notice(facts: Facts, now: datetime) -> None:
    soonest = now + timedelta(minutes=facts.notice_minutes)
    if facts.notice_minutes and facts.period.start < soonest:
        local = soonest.astimezone(facts.zone)
        text = _("Il faut réserver un peu plus tôt\u00a0: au plus tôt le %(day)s à %(hour)s.")
        raise errors.TooSoon(text % {"day": _day(local.date()), "hour": hour(local, get_language() or "fr")})


def _check_holds(facts: Facts) -> None:
    if facts.open_holds >= facts.most_holds:
        text = ngettext(
            "%(count)s réservation attend déjà votre paiement.",
            "%(count)s réservations attendent déjà votre paiement.",
            facts.open_holds,
        )
        raise errors.TooManyHolds(
            text % {"count": facts.open_holds},
            instead=_("Payez ou annulez d’abord, puis réservez à nouveau."),
        )


def _off_quarter(when: datetime) -> bool:
    return bool((when.astimezone(UTC) - datetime(2000, 1, 1, tzinfo=UTC)) % QUARTER)


def closed_day(opening: Opening, next_open: date | None) -> errors.Closed:
    """The refusal of a day without any opening."""
    said = {"day": _day(opening.day), "reason": opening.reason}
    text = _("La Cantine est fermée le %(day)s.") % said
    if opening.reason:
        text = _("La Cantine est fermée le %(day)s (%(reason)s).") % said
    after = _("Prochain jour ouvert\u00a0: %(day)s.") % {"day": _day(next_open)} if next_open else None
    return errors.Closed(text, instead=after)


def closed_then(opening: Opening, zone: ZoneInfo, *, why: str = "") -> errors.Closed:
    """The refusal of a part of a day that is open otherwise."""
    whole = opening.whole
    if whole is None:
        return closed_day(opening, None)
    local = whole.local(zone)
    said = {"day": _day(opening.day), "hours": hours(local.start, local.end, get_language() or "fr")}
    return errors.Closed(why or None, instead=_("Ouvert le %(day)s\u00a0: %(hours)s.") % said)


def _halves(facts: Facts) -> str | None:
    language = get_language() or "fr"
    found = [half.local(facts.zone) for half in facts.opening.halves if half is not None]
    said = [hours(half.start, half.end, language) for half in found]
    if not said:
        return None
    return _("Demi-journées de ce jour\u00a0: %(halves)s.") % {"halves": ", ".join(said)}


def _hour(when: datetime, zone: ZoneInfo) -> str:
    return hour(when.astimezone(zone), get_language() or "fr")


def _day(when: date) -> str:
    return say_day(when, get_language() or "fr")
