"""The file of the ecosystem as the table it is taken over from: imported again, it changes nothing."""

from collections.abc import Iterator

from cantine.ecosystem.file import File, Known
from cantine.importing.ecosystem import COLUMNS
from cantine.report.sheet import written
from members.models import OrganisationProfile


def sheet_of_file(file: File, year: int) -> str:
    """Every organisation with what is known of it, its jobs of that year or of the one before."""
    sectors = {each.pk: each.name for each in file.sectors}
    towns = {each.pk: each.name for each in file.towns}
    kinds = {value: str(label) for value, label in OrganisationProfile.Kind.choices}

    def rows() -> Iterator[list[object]]:
        yield [column.heading for column in COLUMNS]
        for each in file.organisations:
            yield [
                each.name,
                kinds.get(each.kind, ""),
                sectors.get(each.sector or 0, ""),
                towns.get(each.town or 0, ""),
                each.city,
                f"{each.founded_on:%d/%m/%Y}" if each.founded_on else "",
                each.siren,
                each.website,
                each.description,
                *_jobs(each, year),
            ]

    return written(rows())


def _jobs(each: Known, year: int) -> tuple[object, object, str]:
    return each.latest_jobs(year) or ("", "", "")
