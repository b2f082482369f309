"""The file of the ecosystem as plain values: what is known of each organisation, with its numbers by year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from events.models import Event
from members.models import Agglomeration, ListingConsent, OrganisationFact, OrganisationProfile, Sector
from members.texts import folded
from members.young import is_young

Measure = OrganisationFact.Measure
TOGETHER = frozenset({"french tech", "frenchtech", "french-tech", "ecosysteme"})
"""Tags of events held by several towns together, without case or accents."""


@dataclass(frozen=True)
class Known:
    """What the file tells of an organisation; towns and sectors by their keys."""

    pk: int
    name: str
    kind: str
    sector: int | None
    town: int | None
    city: str
    founded_on: date | None
    ceased_on: date | None
    website: str
    siren: str
    description: str
    listed: bool
    facts: dict[tuple[str, int], tuple[Decimal, str]] = field(default_factory=dict)

    def is_active(self, day: date) -> bool:
        """Begun, as far as is known, and not ended."""
        begun = self.founded_on is None or self.founded_on <= day
        return begun and (self.ceased_on is None or self.ceased_on > day)

    def jobs(self, year: int) -> int | None:
        """Said for that very year."""
        found = self.facts.get((Measure.JOBS, year))
        return None if found is None else int(found[0])

    def latest_jobs(self, year: int) -> tuple[int, int, str] | None:
        """Jobs, their year, their source: of that year, or else of the one before."""
        for each in (year, year - 1):
            if found := self.facts.get((Measure.JOBS, each)):
                return int(found[0]), each, found[1]
        return None

    def is_young(self, day: date) -> bool:
        """Whether it is a « jeune pousse » (members/young.py)."""
        latest = self.latest_jobs(day.year)
        return is_young(self.kind, self.founded_on, latest[0] if latest else None, day)


@dataclass(frozen=True)
class Held:
    """An event that took place: the code of its site, and whether towns held it together."""

    site: str
    on: date
    together: bool


@dataclass(frozen=True)
class File:
    """Everything the evidence is drawn from."""

    organisations: Sequence[Known]
    towns: Sequence[Agglomeration]
    sectors: Sequence[Sector]
    events: Sequence[Held]


def read_file(now: datetime) -> File:
    """Read the whole file: six queries, however long it is."""
    return File(
        organisations=list(known_of(OrganisationProfile.objects.all())),
        towns=list(Agglomeration.objects.all()),
        sectors=list(Sector.objects.all()),
        events=list(events_held(now)),
    )


def known_of(profiles: "QuerySet[OrganisationProfile]") -> Iterable[Known]:
    """Read records with their numbers: three queries."""
    rows = profiles.select_related("organisation").order_by("organisation__name", "pk")
    facts: dict[int, dict[tuple[str, int], tuple[Decimal, str]]] = {}
    for fact in OrganisationFact.objects.filter(organisation__profile__in=profiles.order_by()):
        facts.setdefault(fact.organisation_id, {})[fact.measure, fact.year] = (fact.value, fact.source)
    listed = set(ListingConsent.objects.standing().values_list("organisation", flat=True))
    for row in rows:
        yield Known(
            pk=row.organisation_id,
            name=row.organisation.name,
            kind=row.kind,
            sector=row.sector_id,
            town=row.agglomeration_id,
            city=row.city,
            founded_on=row.founded_on,
            ceased_on=row.ceased_on,
            website=row.website,
            siren=row.siren,
            description=row.description,
            listed=row.organisation_id in listed,
            facts=facts.get(row.organisation_id, {}),
        )


def events_held(now: datetime) -> Iterable[Held]:
    """Those that were published and have ended."""
    rows = Event.objects.filter(state=Event.State.PUBLISHED, ends_at__lte=now)
    for code, starts_at, tags in rows.values_list("site__code", "starts_at", "tags"):
        together = any(folded(tag).strip("# ") in TOGETHER for tag in tags)
        yield Held(code, timezone.localtime(starts_at).date(), together)
