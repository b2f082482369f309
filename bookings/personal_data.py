"""What this room knows of a person: what they booked, when they came, and what they asked to rent."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Customer, OrderLine
from bookings.models import (
    Booking,
    Closure,
    ContactMessage,
    Preparation,
    Presence,
    Problem,
    RentalBalance,
    RentalCancellation,
    RentalChange,
    RentalDay,
    RentalFeedback,
    RentalRequest,
    Site,
    StaffSite,
)
from bookings.models.booking import BookingQuerySet
from bookings.models.rental_request import RentalRequestQuerySet
from bookings.services.rentals.erasing import forget
from members.formats import day
from members.models import User
from members.personal_data import Copy, Matter
from members.rows import told
from members.services.people import addresses_of

KNOWN = (
    Booking, ContactMessage, Problem, RentalRequest, StaffSite,
    Closure, Preparation, Presence, RentalBalance, RentalCancellation,
    RentalChange,  # who of the staff did it
    Site,  # the address of the house itself
)  # fmt: skip


def bookings_of(person: User) -> BookingQuerySet:
    """What they booked, in whose name it may be, and what was booked in theirs."""
    return Booking.objects.filter(Q(booked_by=person) | Q(customer__user=person)).exclude(
        purpose=Booking.Purpose.CLOSURE
    )


def requests_of(person: User) -> RentalRequestQuerySet:
    """What was asked to rent from an address of theirs."""
    return RentalRequest.objects.filter(email__in=addresses_of(person), erased_at=None)


SAID: dict[str, str | Promise] = {
    "bookings": _("vos réservations"),
    "managed": _("les sites dont vous avez la gestion"),
    "presences": _("vos arrivées"),
    "problems": _("ce que vous avez signalé"),
    "contact_messages": _("ce que vous avez écrit à l’équipe"),
    "rental_requests": _("vos demandes de location"),
    "rental_changes": _("les changements que vous y avez demandés"),
    "rental_days": _("qui appeler le jour de vos locations"),
    "rental_feedback": _("vos avis sur vos locations"),
}


def copy(person: User) -> Copy:
    """Read bookings and rentals."""
    bookings, asked = bookings_of(person), requests_of(person)
    return Copy(
        {
            "bookings": told(
                bookings, "reference", "site__name", "space__name", "during", "state", "note", "created_at",
                "cancelled_at",
            ),
            "managed": told(StaffSite.objects.filter(user=person), "site__name", "since", "ended_at"),
            "presences": told(
                Presence.objects.filter(booking__in=bookings), "booking__reference", "arrived_at"
            ),
            "problems": told(
                Problem.objects.filter(reported_by=person), "kind", "words", "state", "reported_at", "answer"
            ),
            "contact_messages": told(
                ContactMessage.objects.filter(email__in=addresses_of(person)), "name", "email", "phone",
                "words", "sent_at",
            ),
            "rental_requests": told(
                asked, "name", "email", "phone", "organisation_name", "buyer", "purpose", "people", "during",
                "state", "price_incl", "received_at",
            ),
            "rental_changes": told(
                RentalChange.objects.filter(request__in=asked), "day", "starts", "ends", "people", "layout",
                "words", "at", "answered_at", "outcome", "answer",
            ),
            "rental_days": told(
                RentalDay.objects.filter(rental__request__in=asked), "contact_name", "contact_phone"
            ),
            "rental_feedback": told(
                RentalFeedback.objects.filter(rental__request__in=asked), "rating", "again", "text", "at"
            ),
        },
        SAID,
    )  # fmt: skip


def matters(person: User, *, now: datetime) -> Iterator[Matter]:
    """What is to come is cancelled first, and what is being discussed is brought to an end."""
    for booking in bookings_of(person).upcoming(now).select_related("space", "site"):
        local = booking.period.local(booking.site.zone)
        words = {"what": booking.space.label, "day": day(local.start.date(), person.language)}
        text = _("Vous avez réservé %(what)s le %(day)s.") % words
        url = reverse("bookings:booking", args=[booking.reference])
        yield Matter(text, url, _("Voir ou annuler"), blocks=True)
    for request in requests_of(person).in_progress():
        yield Matter(
            _("Vous avez une location en cours avec nous."),
            request.get_absolute_url(),
            _("La voir"),
            blocks=True,
        )
    if Customer.objects.filter(user=person, bookings__isnull=False).exists():
        yield Matter(_("Vos réservations passées restent dans nos chiffres, sans votre nom."))


def erase(person: User, *, now: datetime) -> None:
    """Step: bookings stay as figures, without a word; requests to rent are forgotten before their time."""
    StaffSite.objects.filter(user=person).delete()
    Problem.objects.filter(reported_by=person).update(reported_by=None)
    ContactMessage.objects.filter(email__in=addresses_of(person)).delete()
    own = bookings_of(person)
    own.exclude(note="").update(note="")
    if person.name:  # a company's order says for whom it booked
        lines = OrderLine.objects.filter(booking__booked_by=person, detail__contains=f", {person.name}")
        lines.update(detail=Replace(F("detail"), Value(f", {person.name}"), Value("")))
    for request in requests_of(person).select_for_update(no_key=True, of=("self",)).order_by("pk"):
        forget(request, now=now)


def left(people: "QuerySet[User]") -> Iterator[str]:
    """The bookings of an erased account have no words."""
    theirs = Booking.objects.filter(Q(booked_by__in=people) | Q(customer__user__in=people))
    for reference in theirs.exclude(note="").values_list("reference", flat=True):
        yield f"booking {reference} of an erased account still has its note"
    for pk in Problem.objects.filter(reported_by__in=people).values_list("pk", flat=True):
        yield f"problem {pk} still says which erased account reported it"
