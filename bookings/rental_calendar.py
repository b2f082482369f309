"""A rental as a calendar entry (.ics), taken out of the agenda by the same UID when it is called off."""

from datetime import UTC
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event, vText

from bookings.access_sheet import times_of
from bookings.calendars import CANCEL, REQUEST, invitation, person, place_of, written
from bookings.models import RentalDay, RentalQuote, RentalRequest
from bookings.stay import Stay, last_stay_of
from members.formats import plain
from members.messages.attachments import Attachment


def attachment(reference: str) -> Attachment | None:
    """Load "rental-ics:17" for a message; None when there is no such rental."""
    rows = RentalQuote.objects.told().select_related("cancellation")
    rental = rows.filter(pk=int(reference)).first() if reference.isdecimal() else None
    stay = last_stay_of(rental) if rental is not None else None
    if rental is None or stay is None:
        return None
    method = CANCEL if rental.request.state == RentalRequest.State.CANCELLED else REQUEST
    return invitation(
        "location.ics", written(entry_of(rental, stay, method=method), method=method), method=method
    )


def entry_of(rental: RentalQuote, stay: Stay, *, method: str) -> Event:
    """Write the entry itself: the same rental gives the same bytes."""
    request, site, off = rental.request, rental.request.site, method == CANCEL
    ended = getattr(rental, "cancellation", None)
    day = RentalDay.objects.filter(rental=rental).first()
    changes = [rental.quote.accepted_at, day and day.told_at, off and ended and ended.at]
    stamp = max(each for each in changes if each).astimezone(UTC)
    entry = Event()
    entry.add("uid", f"location-{rental.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    entry.add("sequence", (day.version if day else 0) + off)
    entry.add("dtstamp", stamp)
    entry.add("last-modified", stamp)
    entry.add("dtstart", stay.period.utc.start)
    entry.add("dtend", stay.period.utc.end)
    entry.add("summary", _("%(space)s, La Cantine") % {"space": stay.places})
    times = [f"{label}\u00a0: {plain(value)}" for label, value in times_of(rental, stay)]
    entry.add("description", "\n".join(times))
    entry.add("location", place_of(site))
    # The page of the site, not the private one: agendas are shared, and that link can cancel the rental.
    entry.add("url", settings.PUBLIC_URL + reverse("bookings:rent_at", args=[site.code]))
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("transp", "OPAQUE")
    entry.add("organizer", person(site.email or settings.DEFAULT_FROM_EMAIL, site.name), encode=False)
    invited = person(request.email, request.name)
    invited.params.update({"PARTSTAT": vText("ACCEPTED"), "RSVP": vText("FALSE")})
    entry.add("attendee", invited, encode=False)
    return entry
