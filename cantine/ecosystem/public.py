"""What the public page shows: the organisations that agreed, those that were asked for, the drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from cantine.ecosystem.drawing import Tile, tile
from members.models import Agglomeration, OrganisationProfile, Sector
from members.texts import folded

LONGEST = 80


@dataclass(frozen=True)
class Asked:
    """What the address asks for; an unknown word asks for nothing."""

    text: str = ""
    town: str = ""
    kind: str = ""
    sector: str = ""

    @property
    def query(self) -> str:
        """What is asked for as parameters, with an & at the end; empty when nothing is."""
        pairs = {"q": self.text, "agglo": self.town, "genre": self.kind, "secteur": self.sector}
        return "".join(f"{urlencode({name: value})}&" for name, value in pairs.items() if value)

    def takes(self, each: OrganisationProfile) -> bool:
        """Whether an organisation is among those asked for."""
        town = each.agglomeration.code if each.agglomeration else ""
        sector = each.sector.code if each.sector else ""
        wanted = ((self.town, town), (self.kind, each.kind), (self.sector, sector))
        if any(asked and asked != there for asked, there in wanted):
            return False
        words = folded(f"{each.organisation.name} {each.city} {each.description}")
        return all(word in words for word in folded(self.text).split())


@dataclass(frozen=True)
class Words:
    """What organisations are filtered by."""

    towns: Sequence[Agglomeration]
    sectors: Sequence[Sector]


def read(data: QueryDict, words: Words) -> Asked:
    """Read the filters of an address."""

    def known(name: str, codes: Sequence[str]) -> str:
        return code if (code := data.get(name, "")) in codes else ""

    return Asked(
        text=" ".join(data.get("q", "").replace("\0", "").split())[:LONGEST],
        town=known("agglo", [each.code for each in words.towns]),
        kind=known("genre", OrganisationProfile.Kind.values),
        sector=known("secteur", [each.code for each in words.sectors]),
    )


def listed() -> list[OrganisationProfile]:
    """The organisations that agreed to be shown and go on, by name, accents aside: one query."""
    rows = OrganisationProfile.objects.listed().filter(ceased_on=None)
    found = rows.select_related("organisation", "sector", "agglomeration")
    return sorted(found, key=lambda each: (folded(each.organisation.name), each.pk))


def tiles(found: Sequence[OrganisationProfile], words: Words, asked: Asked) -> list[Tile]:
    """The towns in their order; only the one that is asked for, when one is."""
    towns = [each for each in words.towns if asked.town in ("", each.code)]
    return [
        tile(town.name, [each.kind for each in found if each.agglomeration_id == town.pk]) for town in towns
    ]
