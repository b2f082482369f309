"""Memberships, by person or organisation and first day; a new last day changes the one that stands."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext as _

from cantine.importing.reading import Column, Row
from cantine.importing.values import address, day, short
from cantine.importing.verdicts import ADD, CHANGE, SAME, Context, Seen, Verdict
from members.models import Membership, Organisation, User

BATCH = 500
COLUMNS = (
    Column("email", "adresse électronique", ("e-mail", "mail", "courriel", "adresse mail")),
    Column("organisation", "organisation", ("entreprise", "société", "association")),
    Column("from", "du", ("depuis", "début", "date de début", "from", "start"), required=True),
    Column("to", "au", ("jusqu’au", "fin", "date de fin", "to", "end")),
)
EXAMPLE = ("camille@cantine.example", "", "01/01/2027", "31/12/2027")
Key = tuple[str, str]
"""Whose: ("person", address) or ("organisation", its name without case)."""


def judge(rows: Sequence[Row], context: Context) -> list[Verdict]:
    """Read each row and say what it would do; three queries."""
    verdicts, seen = [Verdict(row) for row in rows], Seen()
    for verdict in verdicts:
        _read(verdict)
    good = [verdict for verdict in verdicts if not verdict.is_wrong]
    people, organisations = _holders(good)
    standing = _standing(people, organisations)
    for verdict in good:
        _judge(verdict, people, organisations, standing, seen)
    return verdicts


def _read(verdict: Verdict) -> None:
    verdict.take("email", address)
    verdict.take("organisation", partial(short, most=160))
    begins = verdict.take("from", day, needed=_("Une adhésion a un premier jour."))
    ends = verdict.take("to", day)
    if begins and ends and ends < begins:
        verdict.refuse("to", _("Le dernier jour est avant le premier."))
    given = [name for name in ("email", "organisation") if verdict.row.cells.get(name)]
    if len(given) != 1:
        verdict.refuse("email", _("Une adhésion est d’une personne ou d’une organisation, l’une des deux."))


def key_of(verdict: Verdict) -> Key:
    """Whose membership a row tells."""
    if "email" in verdict.values:
        return ("person", verdict.values["email"])
    return ("organisation", verdict.values["organisation"].casefold())


def _holders(verdicts: Sequence[Verdict]) -> tuple[dict[Key, User], dict[Key, Organisation]]:
    emails = [verdict.values["email"] for verdict in verdicts if "email" in verdict.values]
    people = {("person", user.email): user for user in User.objects.filter(email__in=emails)}
    if len(emails) == len(verdicts):
        return people, {}
    named = Organisation.objects.order_by("-pk")
    return people, {("organisation", each.name.casefold()): each for each in named}


def _standing(
    people: dict[Key, User], organisations: dict[Key, Organisation]
) -> dict[Key, dict[date, Membership]]:
    found: dict[Key, dict[date, Membership]] = {}
    rows = Membership.objects.filter(
        Q(user__in=[user.pk for user in people.values()])
        | Q(organisation__in=[each.pk for each in organisations.values()])
    ).select_related("user", "organisation")
    for row in rows:
        if row.user is not None:
            key = ("person", row.user.email)
        elif row.organisation is not None:
            key = ("organisation", row.organisation.name.casefold())
        found.setdefault(key, {})[row.valid_from] = row
    return found


def _judge(
    verdict: Verdict,
    people: dict[Key, User],
    organisations: dict[Key, Organisation],
    standing: dict[Key, dict[date, Membership]],
    seen: Seen,
) -> None:
    key, values = key_of(verdict), verdict.values
    if key not in people and key not in organisations:
        column = "email" if key[0] == "person" else "organisation"
        verdict.refuse(column, _("Personne d’ici n’a ce nom\u00a0: reprenez d’abord les personnes."))
        return
    begins, ends = values["from"], values.get("to")
    if line := seen.first_line((key, begins), verdict.row.line):
        verdict.refuse("from", _("Cette adhésion est déjà à la ligne %(line)s.") % {"line": line})
        return
    theirs = standing.setdefault(key, {})
    before = theirs.get(begins)
    other = next((row for day_, row in theirs.items() if day_ != begins and _meets(row, begins, ends)), None)
    if other is not None:
        verdict.refuse("from", _("Une autre adhésion court déjà à ces dates."))
        return
    verdict.action = ADD if before is None else SAME if before.valid_to == ends else CHANGE
    person, organisation = people.get(key), organisations.get(key)
    row = Membership(
        user=person,
        organisation=organisation,
        valid_from=begins,
        valid_to=ends,
        source=Membership.Source.IMPORT,
    )
    theirs[begins] = row
    values["membership"] = row


def _meets(row: Membership, begins: date, ends: date | None) -> bool:
    return (row.valid_to is None or begins <= row.valid_to) and (ends is None or row.valid_from <= ends)


def write(verdicts: Sequence[Verdict], context: Context) -> None:
    """Step: write what is new, and the last days that changed."""
    rows = [verdict.values["membership"] for verdict in verdicts if verdict.action == ADD]
    for row in rows:
        row.site_code = context.site.code if context.site else ""
    Membership.objects.bulk_create(rows)
    for verdict in verdicts:
        if verdict.action == CHANGE:
            wanted = verdict.values["membership"]
            same = Membership.objects.filter(
                user=wanted.user, organisation=wanted.organisation, valid_from=wanted.valid_from
            )
            same.update(valid_to=wanted.valid_to)
