"""The one search field: people, customers, bookings, rentals, registrations, orders, documents, spaces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from billing.models import Customer, Document, Order
from bookings.models import Booking, RentalRequest, Space
from cantine.gestion import shown
from events.models import Registration
from members import reach
from members.formats import day_short, euros, hours
from members.models import Organisation, User
from members.services.reading import note_list

SHOWN = 6
SHORTEST = 2
CODE_LENGTH = 10
"""Of a ticket."""


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    note: str
    url: str


@dataclass(frozen=True)
class Source:
    """Where to look: a model, how to match, and how a row is told."""

    title: str | Promise
    permission: str
    find: Callable[[str], QuerySet[Any]]
    name: str
    tell: Callable[[Any], tuple[str, str]]


def people(words: str) -> QuerySet[User]:
    """By name or address."""
    return User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words)).order_by("name", "email")


def organisations(words: str) -> QuerySet[Organisation]:
    """By name."""
    return Organisation.objects.filter(name__icontains=words).order_by("name")


def contacts(words: str) -> QuerySet[Customer]:
    """By name or address; people and organisations have rows of their own."""
    found = Q(name__icontains=words) | Q(email__icontains=words)
    return Customer.objects.filter(found, kind=Customer.Kind.CONTACT).order_by("name", "email")


def bookings(words: str) -> QuerySet[Booking]:
    """By reference, or by who it is for."""
    found = Q(reference__istartswith=words) | Q(customer__name__icontains=words)
    related = Booking.objects.select_related("site", "space", "customer")
    return related.filter(found, purpose=Booking.Purpose.MEMBER).order_by("-during")


def rentals(words: str) -> QuerySet[RentalRequest]:
    """By who asks, or by the number of a quote."""
    return RentalRequest.objects.found_by(words).select_related("site").order_by("-received_at")


def registrations(words: str) -> QuerySet[Registration]:
    """By who comes, or by the code of a ticket, written with or without its dashes."""
    code = words.replace("-", "").replace(" ", "").upper()
    found = Q(name__icontains=words) | Q(email__icontains=words)
    if len(code) >= CODE_LENGTH:
        found |= Q(places__code=code)
    return Registration.objects.filter(found).select_related("event").distinct().order_by("-pk")


def orders(words: str) -> QuerySet[Order]:
    """By what people call it: « 3HK-7PX »."""
    return Order.objects.filter(public_id__startswith=words.replace("-", "").lower()).select_related(
        "customer"
    )


def documents(words: str) -> QuerySet[Document]:
    """By number, or by customer."""
    found = Q(number__icontains=words) | Q(customer__name__icontains=words)
    return Document.objects.filter(found).select_related("customer").order_by("-issued_at")


def spaces(words: str) -> QuerySet[Space]:
    """By name, or « poste 7 »."""
    number = words.lower().removeprefix("poste").strip()
    found = (
        Q(name__icontains=words) | Q(number=int(number)) if number.isdecimal() else Q(name__icontains=words)
    )
    return Space.objects.filter(found).select_related("site").order_by("site__position", "position")


def told_booking(booking: Booking) -> tuple[str, str]:
    """Reference, place, day and hours."""
    period = booking.period.local(booking.site.zone)
    when = f"{day_short(period.start, shown.language())}, {hours(period.start, period.end, shown.language())}"
    return f"{booking.reference} · {booking.customer}", f"{booking.space.label}, {when}"


def told_rental(rental: RentalRequest) -> tuple[str, str]:
    """Who asks, and for when."""
    day = rental.period.local(rental.site.zone).start
    return rental.organisation_name or rental.name, f"{rental.site}, {day_short(day, shown.language())}"


def told_document(document: Document) -> tuple[str, str]:
    """Number, customer and amount."""
    return document.number, f"{document.customer}, {euros(document.total_incl, shown.language())}"


SOURCES = (
    Source(
        gettext_lazy("Personnes"),
        "members.view_user",
        people,
        "members_user",
        lambda row: (str(row), row.email),
    ),
    Source(
        gettext_lazy("Organisations"),
        "members.view_organisation",
        organisations,
        "members_organisation",
        lambda row: (row.name, ""),
    ),
    Source(
        gettext_lazy("Contacts"),
        "billing.view_customer",
        contacts,
        "billing_customer",
        lambda row: (str(row), row.email),
    ),
    Source(gettext_lazy("Réservations"), "bookings.view_booking", bookings, "bookings_booking", told_booking),
    Source(
        gettext_lazy("Locations"),
        "bookings.view_rentalrequest",
        rentals,
        "bookings_rentalrequest",
        told_rental,
    ),
    Source(
        gettext_lazy("Inscriptions"),
        "events.view_registration",
        registrations,
        "events_registration",
        lambda row: (row.name, row.event.title),
    ),
    Source(
        gettext_lazy("Commandes"),
        "billing.view_order",
        orders,
        "billing_order",
        lambda row: (row.reference, str(row.customer)),
    ),
    Source(gettext_lazy("Factures"), "billing.view_document", documents, "billing_document", told_document),
    Source(
        gettext_lazy("Espaces"),
        "bookings.view_space",
        spaces,
        "bookings_space",
        lambda row: (row.label, row.site.name),
    ),
)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Look everywhere this person may; a single hit opens at once."""
    words = " ".join(request.GET.get("q", "").split())[:80]
    groups = list(groups_of(request, words)) if len(words) >= SHORTEST else []
    hits = [hit for _title, found in groups for hit in found]
    if len(hits) == 1:
        return redirect(hits[0].url)
    if hits:
        note_list(
            reader=cast("User", request.user),
            page=request.path,
            asked=request.GET,
            people=len(hits),
            now=timezone.now(),
        )
    return shown.page(request, "gestion/search.html", title=_("Recherche"), q=words, groups=groups)


def groups_of(request: HttpRequest, words: str) -> Iterator[tuple[str | Promise, list[Hit]]]:
    """What is found, source by source."""
    for source in SOURCES:
        if not request.user.has_perm(source.permission):
            continue
        rows = reach.seen_by(source.find(words), request.user)[:SHOWN]
        found = [
            Hit(*source.tell(row), reverse(f"admin:{source.name}_change", args=[row.pk])) for row in rows
        ]
        if found:
            yield source.title, found
