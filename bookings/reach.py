"""Which rows of this room lie within a manager's sites, and how her sites are read."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from billing.models import (
    CashCount,
    CashMovement,
    PaymentEvent,
    Remittance,
    Seller,
    TillArchive,
    TillClosing,
)
from bookings.models import (
    Booking,
    Closure,
    ContactMessage,
    Equipment,
    Floor,
    OpeningHours,
    Presence,
    Problem,
    RentalDiscount,
    RentalExtra,
    RentalQuote,
    RentalRequest,
    RentalSpace,
    ScaleStep,
    Site,
    Space,
    StaffSite,
    Tariff,
)
from members import reach
from members.models import User
from members.reach import EVERYWHERE, Reach, Rule

OF_A_SITE = {
    Site: "pk",
    OpeningHours: "site",
    Floor: "site",
    Space: "site",
    Closure: "site",
    Tariff: "site",
    StaffSite: "site",
    RentalSpace: "space__site",
    RentalExtra: "site",
    RentalDiscount: "site",
    ScaleStep: "site",
    RentalRequest: "site",
    RentalQuote: "request__site",
    Booking: "site",
    Presence: "booking__site",
    Problem: "site",
    ContactMessage: "site",
}
"""model → the way to its site."""


OF_A_WHOLE_SELLER = {
    PaymentEvent: "seller",
    Remittance: "seller",
    TillClosing: "seller",
    TillArchive: "closing__seller",
}
"""model → the way to a seller all of whose sites one must manage: its sums are those of the whole house."""


def by_site(path: str) -> Rule:
    """The rule of a model that belongs to a site."""

    def rule(found: Reach) -> Q:
        return Q(**{f"{path}__in": found.sites})

    return rule


def by_whole_seller(path: str) -> Rule:
    """The rule of what adds up a seller's money: for who manages every site of its."""

    def rule(found: Reach) -> Q:
        return Q(**{f"{path}__in": found.whole_sellers})

    return rule


def whole_sellers(user: User) -> "QuerySet[Seller]":
    """The sellers whose till and books this person may read: all whose sites are theirs; the oldest first."""
    rows = Seller.objects.order_by("pk")
    return rows if reach.sees_everything(user) else rows.filter(_whole(reach.of(user)))


def _whole(found: Reach) -> Q:
    return Q(pk__in=[]) if found.is_empty else by_whole_seller("pk")(found)


def of_drawers(found: Reach) -> Q:
    """The drawers of their sites."""
    return Q(site_code__in=found.codes)


def register() -> None:
    """Fill the registry below."""
    reach.read_with(read)
    reach.share(Equipment)
    for model, path in OF_A_WHOLE_SELLER.items():
        reach.register(model, by_whole_seller(path))
    reach.register(CashCount, of_drawers)
    reach.register(CashMovement, of_drawers)
    for model, path in OF_A_SITE.items():
        reach.register(model, by_site(path))


def read(user: User) -> Reach:
    """The sites this person manages now, with their role and their sellers' sites: one query for all."""
    rows = StaffSite.objects.current().filter(user=user, user__groups__name="manager")
    of_seller = Site.objects.filter(seller=OuterRef("site__seller"))
    found = list(
        rows.values_list("site", "site__code", "site__seller", ArraySubquery(of_seller.values("pk")))
    )
    if any(row[0] is None for row in found):
        return EVERYWHERE
    sites = frozenset(row[0] for row in found)
    return Reach(
        person=user.pk,
        sites=sites,
        codes=frozenset(row[1] for row in found),
        sellers=frozenset(row[2] for row in found),
        whole_sellers=frozenset(row[2] for row in found if sites.issuperset(row[3])),
    )
