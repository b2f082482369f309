"""Bookings to come, by person, space and period; each through the booking service, in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from bookings.errors import AlreadyTaken
from bookings.models import Booking, Occupancy, Site, Space
from bookings.opening import AFTERNOON, DAY, MORNING
from bookings.period import Period, asked_at
from bookings.services import rules
from bookings.services.resuming import check, resume_booking
from bookings.services.rules import Rules
from cantine.importing.reading import Column, Row, plain
from cantine.importing.values import address, clock, day
from cantine.importing.verdicts import ADD, SAME, Context, Seen, Verdict
from members.errors import Refused
from members.models import User

BATCH = 1
COLUMNS = (
    Column("email", "adresse électronique", ("e-mail", "mail", "courriel", "adresse mail"), required=True),
    Column("space", "espace", ("poste", "salle", "space", "place"), required=True),
    Column("day", "jour", ("date", "day", "le"), required=True),
    Column("moment", "moment", ("demi-journée", "créneau", "half")),
    Column("start", "de", ("début", "heure de début", "start", "from")),
    Column("end", "à", ("fin", "heure de fin", "end", "to")),
)
EXAMPLE = ("camille@cantine.example", "poste-1", "15/01/2027", "matin", "", "")
MOMENTS = {
    "matin": MORNING, "am": MORNING, "morning": MORNING,
    "apres midi": AFTERNOON, "pm": AFTERNOON, "afternoon": AFTERNOON,
    "journee": DAY, "jour": DAY, "day": DAY,
}  # fmt: skip


def moment(text: str) -> str:
    """A half-day or the day."""
    try:
        return MOMENTS[plain(text)]
    except KeyError:
        raise ValueError(_("Écrivez matin, après-midi ou journée.")) from None


def judge(rows: Sequence[Row], context: Context) -> list[Verdict]:
    """Read each row and say what it would do, with what is taken; four queries whatever the number."""
    site = context.site
    if site is None:
        raise ValueError("Bookings are of a site.")
    verdicts = [Verdict(row) for row in rows]
    read, spaces = rules.of_site(site), _spaces(site)
    for verdict in verdicts:
        _read(verdict, read, spaces)
    good = [verdict for verdict in verdicts if not verdict.is_wrong]
    people = {user.email: user for user in User.objects.filter(email__in={v.values["email"] for v in good})}
    standing = Standing(read, people, _there(site, good), _taken(site, good, context.now), context.now)
    for verdict in good:
        _judge(verdict, standing)
    return verdicts


@dataclass
class Standing:
    """What the rows are judged against: who and what is there, and what the rows above take."""

    read: Rules
    people: dict[str, User]
    there: set[tuple[str, int, Period]]
    taken: dict[int, list[Period]]
    now: datetime
    seen: Seen = field(default_factory=Seen)


def _spaces(site: Site) -> dict[str, Space]:
    """By code, by name and by label, written any way; a code wins over a name."""
    spaces = list(site.spaces.with_atoms().select_related("site"))
    found = {plain(name): space for space in spaces for name in (space.name, space.label)}
    return found | {plain(space.code): space for space in spaces}


def _read(verdict: Verdict, read: Rules, spaces: dict[str, Space]) -> None:
    verdict.take("email", address, needed=_("Sans adresse électronique, on ne sait pas qui vient."))
    named = verdict.row.cells.get("space", "")
    space = spaces.get(plain(named))
    if space is None:
        verdict.refuse("space", _("Ce site n’a pas d’espace de ce nom."))
    on = verdict.take("day", day, needed=_("Il manque le jour."))
    half, start, end = (
        verdict.take(*each) for each in (("moment", moment), ("start", clock), ("end", clock))
    )
    if verdict.is_wrong or space is None or on is None:
        return
    verdict.values["space"] = space
    if isinstance(half, str):
        period = read.opening(on, space).half(half)
        if period is None:
            verdict.refuse("moment", _("C’est fermé à ce moment-là."))
        else:
            verdict.values["period"] = period
        return
    if start is None or end is None or isinstance(start, str) or isinstance(end, str):
        verdict.refuse(
            "moment", _("Dites matin, après-midi ou journée, ou une heure de début et une de fin.")
        )
        return
    try:
        verdict.values["period"] = Period(asked_at(on, start, read.zone), asked_at(on, end, read.zone))
    except Refused as refused:
        verdict.refuse("end", str(refused.message))


def _there(site: Site, verdicts: Sequence[Verdict]) -> set[tuple[str, int, Period]]:
    """Bookings of these people that stand, were moved or cancelled since: not taken over again."""
    if not verdicts:
        return set()
    emails = {verdict.values["email"] for verdict in verdicts}
    rows = Booking.objects.filter(
        site=site, customer__user__email__in=emails, during__overlap=_span(verdicts)
    )
    found = set()
    for email, space, moved, during in rows.exclude(state=Booking.State.EXPIRED).values_list(
        "customer__user__email", "space_id", "displaced_from_id", "during"
    ):
        found |= {(email, each, Period.of(during).utc) for each in (space, moved) if each}
    return found


def _span(verdicts: Sequence[Verdict]) -> object:
    periods = [verdict.values["period"].utc for verdict in verdicts]
    return Period(min(each.start for each in periods), max(each.end for each in periods)).range


def _taken(site: Site, verdicts: Sequence[Verdict], now: datetime) -> dict[int, list[Period]]:
    """What is taken of each atom, holds whose time is up aside."""
    found: dict[int, list[Period]] = {}
    if not verdicts:
        return found
    stands = Q(booking__state=Booking.State.CONFIRMED) | Q(booking__held_until__gt=now)
    rows = Occupancy.objects.filter(stands, atom__site=site, during__overlap=_span(verdicts))
    for atom, during in rows.values_list("atom_id", "during"):
        found.setdefault(atom, []).append(Period.of(during).utc)
    return found


def _judge(verdict: Verdict, standing: Standing) -> None:
    values = verdict.values
    space, period = values["space"], values["period"].utc
    user = standing.people.get(values["email"])
    if user is None:
        verdict.refuse("email", _("Personne d’ici n’a cette adresse\u00a0: reprenez d’abord les personnes."))
        return
    key = (user.email, space.pk, period)
    if line := standing.seen.first_line(key, verdict.row.line):
        verdict.refuse("space", _("Cette réservation est déjà à la ligne %(line)s.") % {"line": line})
        return
    values["person"] = user
    if key in standing.there:
        verdict.action = SAME
        return
    try:
        check(space, period, standing.read, now=standing.now)
    except Refused as refused:
        verdict.refuse("day", str(refused.message))
        return
    atoms = rules.atoms_of(space)
    if any(period.overlaps(other) for atom in atoms for other in standing.taken.get(atom, ())):
        verdict.refuse("space", _("La place est déjà prise à ce moment-là."))
        return
    for atom in atoms:
        standing.taken.setdefault(atom, []).append(period)
    verdict.action = ADD


def write(verdicts: Sequence[Verdict], context: Context) -> None:
    """Book each; one that somebody else took meanwhile is refused, and the others are not touched."""
    for verdict in verdicts:
        values = verdict.values
        try:
            _booking, is_new = resume_booking(
                space=values["space"],
                period=values["period"],
                person=values["person"],
                note=_("Reprise d’un fichier"),
                now=context.now,
            )
        except AlreadyTaken:
            verdict.refuse("space", _("La place est déjà prise à ce moment-là."))
        except Refused as refused:
            verdict.refuse("day", str(refused.message))
        else:
            verdict.action = ADD if is_new else SAME
