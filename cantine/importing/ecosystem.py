"""Organisations of the ecosystem, by SIREN or else by name; what a row leaves out stays as it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from cantine.importing.reading import Column, Row, plain
from cantine.importing.values import day, short
from cantine.importing.verdicts import ADD, CHANGE, SAME, Context, Seen, Verdict
from members.models import Agglomeration, Organisation, OrganisationFact, OrganisationProfile, Sector
from members.models.ecosystem import FIRST_YEAR, LAST_YEAR, known_siren

BATCH = 500
COLUMNS = (
    Column("name", "nom", ("organisation", "raison sociale", "entreprise", "name"), required=True),
    Column("kind", "genre", ("type", "kind")),
    Column("sector", "secteur", ("sector",)),
    Column("agglomeration", "agglomération", ("agglo", "territoire")),
    Column("city", "ville", ("commune", "city")),
    Column("founded_on", "créée le", ("date de création", "création", "founded on")),
    Column("siren", "SIREN", ("n° siren",)),
    Column("website", "site web", ("site internet", "website", "url")),
    Column("description", "présentation", ("description",)),
    Column("jobs", "emplois", ("effectif", "jobs")),
    Column("year", "année", ("année des emplois", "year")),
    Column("source", "source", ("source des emplois",)),
)
EXAMPLE = (
    "Atelier Exemple", "start-up", "", "", "Rouen", "01/09/2023", "", "https://atelier.example/",
    "Fait des exemples.", "12", "2026", "questionnaire 2026",
)  # fmt: skip
TOLD = ("kind", "sector", "agglomeration", "city", "founded_on", "siren", "website", "description")
"""What goes onto the record; the jobs are a fact of their year."""
KINDS = {
    **{plain(str(label)): value for value, label in OrganisationProfile.Kind.choices},
    **{plain(value): value for value in OrganisationProfile.Kind.values},
    "startup": "startup", "jeune pousse": "startup", "universite": "school", "ecole": "school",
    "acteur public": "public", "collectivite": "public", "financeur prive": "funder", "fonds": "funder",
    "grand compte": "key_account", "incubateur": "incubator", "accelerateur": "incubator",
}  # fmt: skip


@dataclass
class File:
    """What there is: organisations by number and by name, with their records and their jobs."""

    by_siren: dict[str, Organisation] = field(default_factory=dict)
    by_name: dict[str, Organisation] = field(default_factory=dict)
    jobs: dict[tuple[int, int], OrganisationFact] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "File":
        """Three queries, whatever the number."""
        found = cls()
        for each in Organisation.objects.select_related("profile").order_by("-pk"):
            found.by_name[each.name.casefold()] = each
            if hasattr(each, "profile") and each.profile.siren:
                found.by_siren[each.profile.siren] = each
        for fact in OrganisationFact.objects.filter(measure=OrganisationFact.Measure.JOBS):
            found.jobs[fact.organisation_id, fact.year] = fact
        return found

    def find(self, values: dict[str, Any]) -> Organisation | None:
        """The organisation a row tells of: by its number, else by its name."""
        return self.by_siren.get(values.get("siren", "")) or self.by_name.get(values["name"].casefold())


def kind(text: str) -> str:
    """One of our kinds."""
    try:
        return KINDS[plain(text)]
    except KeyError:
        known = ", ".join(str(label) for label in OrganisationProfile.Kind.labels)
        raise ValueError(_("Écrivez un de ces genres\u00a0: %(kinds)s.") % {"kinds": known}) from None


def siren(text: str) -> str:
    """Nine digits with their key."""
    number = re.sub(r"\s", "", text)
    try:
        known_siren(number)
    except ValidationError as reason:
        raise ValueError(reason.messages[0]) from None
    return number


def website(text: str) -> str:
    """An address of the web, whole or without its beginning."""
    whole = text if "://" in text else f"https://{text}"
    try:
        URLValidator(schemes=["http", "https"])(whole)
    except ValidationError:
        raise ValueError(_("Écrivez une adresse comme https://exemple.fr.")) from None
    return short(whole, 200)


def whole(text: str) -> int:
    """A number of people."""
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{1,7}", digits):
        raise ValueError(_("Écrivez un nombre entier."))
    return int(digits)


def year(text: str) -> int:
    """A year of our time."""
    read = whole(text)
    if not FIRST_YEAR <= read <= LAST_YEAR:
        raise ValueError(_("Écrivez une année comme 2026."))
    return read


def one_of(text: str, words: dict[str, Any]) -> Any:
    """One of the sectors or agglomerations of the file: none is invented by a typing mistake."""
    try:
        return words[plain(text)]
    except KeyError:
        raise ValueError(
            _("Le fichier ne connaît pas ce mot\u00a0: ajoutez-le d’abord aux réglages.")
        ) from None


def judge(rows: Sequence[Row], context: Context) -> list[Verdict]:
    """Read each row and say what it would do; five queries."""
    verdicts, seen, file = [Verdict(row) for row in rows], Seen(), File.read()
    sectors = {plain(word): each for each in Sector.objects.all() for word in (each.code, each.name)}
    towns = {plain(word): each for each in Agglomeration.objects.all() for word in (each.code, each.name)}
    for verdict in verdicts:
        _read(verdict, sectors, towns)
        if verdict.is_wrong:
            continue
        _judge(verdict, file, seen)
    return verdicts


def _read(verdict: Verdict, sectors: dict[str, Any], towns: dict[str, Any]) -> None:
    verdict.take("name", partial(short, most=160), needed=_("Il manque le nom de l’organisation."))
    verdict.take("kind", kind)
    verdict.take("sector", partial(one_of, words=sectors))
    verdict.take("agglomeration", partial(one_of, words=towns))
    verdict.take("city", partial(short, most=80))
    verdict.take("founded_on", day)
    verdict.take("siren", siren)
    verdict.take("website", website)
    verdict.take("description", partial(short, most=600))
    jobs = verdict.take("jobs", whole)
    if jobs is not None:
        verdict.take("year", year, needed=_("De quelle année sont ces emplois\u202f?"))
        verdict.take("source", partial(short, most=160), needed=_("D’où vient ce nombre d’emplois\u202f?"))


def _judge(verdict: Verdict, file: File, seen: Seen) -> None:
    values = verdict.values
    found = file.find(values)
    keys = [found.pk if found else values["name"].casefold(), values.get("siren")]
    for key in filter(None, keys):
        if line := seen.first_line(key, verdict.row.line):
            verdict.refuse("name", _("Cette organisation est déjà à la ligne %(line)s.") % {"line": line})
            return
    told = getattr(found, "profile", None)
    if told and told.siren and values.get("siren", told.siren) != told.siren:
        verdict.refuse("siren", _("Une organisation de ce nom a un autre numéro."))
        return
    verdict.action = ADD if found is None else CHANGE if _changes(found, values, file) else SAME


def _changes(found: Organisation, values: dict[str, Any], file: File) -> bool:
    told = getattr(found, "profile", None)
    if told is None or any(getattr(told, name) != values[name] for name in TOLD if name in values):
        return True
    fact = file.jobs.get((found.pk, values["year"])) if "jobs" in values else None
    return "jobs" in values and (
        fact is None or (fact.value, fact.source) != (values["jobs"], values["source"])
    )


def write(verdicts: Sequence[Verdict], context: Context) -> None:
    """Step: make what is new, and write what the rows say of the others."""
    file = File.read()
    for verdict in verdicts:
        if verdict.action == SAME:
            continue
        values = verdict.values
        organisation = file.find(values) or Organisation.objects.create(name=values["name"])
        OrganisationProfile.objects.update_or_create(
            organisation=organisation, defaults={name: values[name] for name in TOLD if name in values}
        )
        if "jobs" in values:
            OrganisationFact.objects.update_or_create(
                organisation=organisation,
                year=values["year"],
                measure=OrganisationFact.Measure.JOBS,
                defaults={"value": values["jobs"], "source": values["source"]},
            )
