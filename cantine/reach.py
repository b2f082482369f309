"""Which people lie within a manager's sites: who has something to do there, and who has nothing anywhere yet.

A person belongs to no site; what they book, order, pay or attend does, and a membership given at one.
Someone tied to other sites only is not seen; a new account is seen everywhere, or nobody could welcome its
owner.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import BigIntegerField, Exists, Model, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from billing.models import Customer, Document, DunningLetter, Order, Quote, Refund, Transfer
from bookings.models import Booking, RentalQuote, RentalRequest, Site, StaffSite
from bookings.reach import by_site
from cantine.models import (
    Agreement,
    BudgetLine,
    Commitment,
    FrozenReport,
    Indicator,
    Meeting,
    ReportDraft,
    ReportLink,
    Target,
)
from events.models import Event, Registration
from members import reach
from members.models import (
    Agglomeration,
    Membership,
    Message,
    Notice,
    Organisation,
    Page,
    Sector,
    StaffListRead,
    StaffRead,
    User,
)
from members.reach import Reach, within

Ties = tuple[tuple[type[Model], str], ...]

CUSTOMER: Ties = (
    (Order, "customer"),
    (Booking, "customer"),
    (Registration, "customer"),
    (Quote, "customer"),
    (Transfer, "customer"),
)
USER: Ties = (
    *((model, f"{field}__user") for model, field in CUSTOMER),
    (Booking, "booked_by"),
    (Order, "placed_by"),
    (Registration, "user"),
    (Event, "created_by"),
    (StaffSite, "user"),
)
ORGANISATION: Ties = tuple((model, f"{field}__organisation") for model, field in CUSTOMER)

SAID: dict[str, type[Model]] = {
    "booking": Booking,
    "commitment": Commitment,
    "document": Document,
    "event": Event,
    "indicator": Indicator,
    "letter": DunningLetter,
    "meeting": Meeting,
    "order": Order,
    "refund": Refund,
    "registration": Registration,
    "rental": RentalQuote,
    "request": RentalRequest,
}
"""What a message may be about, by the name of its id."""


def by_ties(found: Reach, ties: Ties, member: str = "") -> Q:
    """Tied to something within reach, or to nothing at all; `member` is the way from a membership."""
    here, anywhere = _any(_tied(ties, found)), _any(_tied(ties, None))
    if member:
        given = Membership.objects.filter(**{member: OuterRef("pk")}).exclude(site_code="")
        here |= Q(Exists(given.filter(site_code__in=found.codes)))
        anywhere |= Q(Exists(given))
    return here | ~anywhere


def _tied(ties: Ties, found: Reach | None) -> Iterable[Q]:
    for model, field in ties:
        rows = model._default_manager.filter(**{field: OuterRef("pk")})
        yield Q(Exists(rows if found is None else rows.filter(within(model, found))))


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def of_users(found: Reach) -> Q:
    """Herself, too."""
    return by_ties(found, USER, "user") | Q(pk=found.person)


def of_customers(found: Reach) -> Q:
    """By what they ordered, booked, attend or were offered."""
    return by_ties(found, CUSTOMER)


def of_organisations(found: Reach) -> Q:
    """By what was ordered in their name, and the membership that covers their people."""
    return by_ties(found, ORGANISATION, "organisation")


def of_memberships(found: Reach) -> Q:
    """Those of people and organisations within reach."""
    people = User.objects.filter(of_users(found)).values("pk")
    return Q(user__in=people) | Q(organisation__in=Organisation.objects.filter(of_organisations(found)))


def of_messages(found: Reach) -> Q:
    """Those about things within reach only; what is about nothing goes by whom it was written to."""
    known = Q(ids__has_any_keys=list(SAID))
    inside = known
    for name, model in SAID.items():
        pk = Cast(KeyTextTransform(name, OuterRef("ids")), BigIntegerField())
        there = model._default_manager.filter(within(model, found), pk=pk)
        inside &= ~Q(ids__has_key=name) | Q(Exists(there))
    return inside | (~known & Q(to__in=User.objects.filter(of_users(found)).values("email")))


def of_budget_lines(found: Reach) -> Q:
    """Those of a site, and those of a seller all of whose sites are within reach."""
    elsewhere = Site.objects.exclude(pk__in=found.sites).values("seller")
    return Q(site__in=found.sites) | (Q(seller__in=found.sellers) & ~Q(seller__in=elsewhere))


def register() -> None:
    """Fill the registry."""
    reach.share(Page, Notice, StaffListRead, StaffRead, Agglomeration, Sector)
    reach.register(ReportLink, by_site("site"))
    for planned in (Agreement, Commitment, Meeting, Target):
        reach.register(planned, by_site("site"))
    reach.register(Indicator, by_site("agreement__site"))
    reach.register(BudgetLine, of_budget_lines)
    reach.register(FrozenReport, by_site("site"))
    reach.register(ReportDraft, by_site("site"))
    reach.register(User, of_users)
    reach.register(Customer, of_customers)
    reach.register(Organisation, of_organisations)
    reach.register(Membership, of_memberships)
    reach.register(Message, of_messages)
