"""The premises as their managers set them up: sites, spaces, hours, closures and prices.

They are read whole and kept in this process until one of them changes: triggers (migration 0004) give the
table `bookings_premises` a new stamp with every such change, in its transaction, and what is kept is kept by
stamp. A stamp is never used twice, so that what was read in a transaction that is rolled back is never found
again. Nothing here is changed or saved: those who write read their rows anew.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from django.db import connection

from billing.models import Product
from bookings.models import Closure, Floor, OpeningHours, Site, Space, Tariff
from bookings.opening import ClosureRow, HoursRow, Opening
from bookings.period import Period
from bookings.pricing import TariffRow

STAMP = "(SELECT stamp::text FROM bookings_premises)"
"""The stamp, to be read along with something else."""
LISTED = """
SELECT space.*,
  ARRAY(SELECT atom_id FROM bookings_spacepart part
    WHERE part.space_id = space.id ORDER BY atom_id) AS atom_ids,
  ARRAY(SELECT json_build_object('code', code, 'name', name, 'name_en', name_en)
    FROM bookings_space_equipment has JOIN bookings_equipment equipment ON equipment.id = equipment_id
    WHERE has.space_id = space.id ORDER BY equipment.id) AS equipment_said
FROM bookings_space space ORDER BY position, number, name
"""
Row = TypeVar("Row")
KEPT = 4
"""How many stamps are kept: the newest, and those of transactions that have not ended."""
OPENINGS = 4096


@dataclass(frozen=True, eq=False)
class Premises:
    """Everything by the id of its site; spaces come with `atom_ids`, `equipment_said`, site and floor."""

    stamp: str
    sites: tuple[Site, ...]
    spaces: Mapping[int, tuple[Space, ...]]
    hours: Mapping[int, tuple[HoursRow, ...]]
    closures: Mapping[int, tuple[ClosureRow, ...]]
    tariffs: Mapping[int, tuple[TariffRow, ...]]
    products: Mapping[int, Product]
    particular: frozenset[int]
    """Ids of the spaces that have hours or closures of their own, at some time or other."""
    _openings: dict[tuple[int, date, int | None], Opening] = field(default_factory=dict, compare=False)

    @property
    def open_sites(self) -> list[Site]:
        """Those that take bookings, in the order shown."""
        return [site for site in self.sites if site.is_open]

    def site(self, site: Site) -> Site:
        """The same site, with its seller read."""
        return next((each for each in self.sites if each.pk == site.pk), site)

    def listed(self, site: Site, *, kinds: Collection[str] = ()) -> list[Space]:
        """The site's spaces that members may see, in the order of the list."""
        spaces = self.spaces.get(site.pk, ())
        return [each for each in spaces if each.is_active and (not kinds or each.kind in kinds)]

    def space(self, site_id: int, pk: int) -> Space | None:
        """One space, shown or not."""
        return next((each for each in self.spaces.get(site_id, ()) if each.pk == pk), None)

    def kept_openings(self) -> dict[tuple[int, date, int | None], Opening]:
        """The days worked out so far; begun again before there are too many."""
        if len(self._openings) > OPENINGS:
            self._openings.clear()
        return self._openings


def current() -> Premises:
    """The premises as they are now: one query, and six more after a change."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STAMP}")
        (stamp,) = cursor.fetchone()
    return stamped(stamp)


@lru_cache(KEPT)
def stamped(stamp: str) -> Premises:
    """The premises whose stamp was read a moment ago."""
    sites = {site.pk: site for site in Site.objects.select_related("seller").order_by("position", "name")}
    tariffs = list(Tariff.objects.select_related("product").order_by("pk"))
    hours = [(row.site_id, _hours(row)) for row in OpeningHours.objects.order_by("pk")]
    closures = [(row.site_id, _closure(row)) for row in Closure.objects.order_by("during")]
    return Premises(
        stamp=stamp,
        sites=tuple(sites.values()),
        spaces=_by_site(sites, _spaces(sites)),
        hours=_by_site(sites, hours),
        closures=_by_site(sites, closures),
        tariffs=_by_site(sites, [(row.site_id, _tariff(row, sites[row.site_id])) for row in tariffs]),
        products={row.product_id: row.product for row in tariffs},
        particular=frozenset(
            space_id
            for space_id in (*(row.space_id for _, row in hours), *(row.space_id for _, row in closures))
            if space_id is not None
        ),
    )


def _by_site(sites: Mapping[int, Site], rows: Iterable[tuple[int, Row]]) -> dict[int, tuple[Row, ...]]:
    found: dict[int, list[Row]] = {pk: [] for pk in sites}
    for pk, row in rows:
        found[pk].append(row)
    return {pk: tuple(each) for pk, each in found.items()}


def _spaces(sites: Mapping[int, Site]) -> list[tuple[int, Space]]:
    floors: dict[int, Floor] = Floor.objects.in_bulk()
    found: list[Space] = list(Space.objects.raw(LISTED))
    for space in found:
        space.site = sites[space.site_id]
        if space.floor_id is not None:
            space.floor = floors[space.floor_id]
    return [(space.site_id, space) for space in found]


def _hours(row: OpeningHours) -> HoursRow:
    return HoursRow(row.weekday, row.opens, row.closes, row.half, row.space_id, row.valid_from, row.valid_to)


def _closure(row: Closure) -> ClosureRow:
    return ClosureRow(Period.of(row.during), row.reason, row.space_id)


def _tariff(row: Tariff, site: Site) -> TariffRow:
    product = row.product
    return TariffRow(
        kind=row.kind,
        space_id=row.space_id,
        audience=row.audience,
        product_id=product.pk,
        product_name=product.name,
        basis="ht" if product.price_basis == "ht" else "ttc",
        rate=product.vat_rate if site.seller.charges_vat else Decimal("0.00"),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        half_day=row.half_day,
        day=row.day,
        hour=row.hour,
        day_cap=row.day_cap,
    )
