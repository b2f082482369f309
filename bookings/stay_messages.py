"""What the e-mails around the day of a rental say: the reminder, what changed, the thanks."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import rental_calendar
from bookings.access_sheet import AccessSheet, sheet_of
from bookings.models import RentalDay, RentalQuote
from bookings.quote_messages import rental_of
from bookings.quote_words import language
from bookings.services.rentals.staying import HAPPENS
from bookings.services.rentals.thanking import is_over
from bookings.stay import stay_of
from members.formats import day
from members.messages import attachments, kinds
from members.texts import first_name

Context = dict[str, Any] | None


def load_reminder(ids: dict[str, Any]) -> Context:
    """The access sheet some days before; no longer said once it is called off or over."""
    rental = rental_of(ids)
    if rental is None or rental.request.state not in HAPPENS:
        return None
    sheet = sheet_of(rental, now=timezone.now())
    return {**said_of(rental), "sheet": sheet} if sheet is not None else None


def load_changed(ids: dict[str, Any]) -> Context:
    """What changed, as it is now; dropped when another change followed, which says it."""
    context = load_reminder(ids)
    if context is None or not RentalDay.objects.filter(rental=ids["rental"], version=ids["version"]).exists():
        return None
    return {**context, "changes": [changed_said(name, context["sheet"]) for name in ids["said"]]}


def changed_said(name: str, sheet: AccessSheet) -> tuple[str, str]:
    """One thing that changed: its label, and what it is now."""
    times = ", ".join(f"{label} {value}" for label, value in sheet.times)
    said = {
        "when": (_("Horaires"), f"{sheet.day}, {times}"),
        "where": (_("Espace"), sheet.stay.places),
        "people": (_("Personnes"), str(sheet.party.people)),
        "layout": (_("Disposition"), sheet.party.layout_said or _("À voir ensemble")),
        "contact": (_("Contact le jour même"), sheet.contact.said),
    }
    return said[name]


def load_thanks(ids: dict[str, Any]) -> Context:
    """Thanks for coming, with the way to say what one thought of it."""
    rental = rental_of(ids)
    if rental is None or not is_over(rental, now=timezone.now()):
        return None
    stay, site = stay_of(rental), rental.request.site
    assert stay is not None
    feedback = reverse("bookings:rent_feedback", args=[rental.request.key])
    return {
        **said_of(rental),
        "where": f"{stay.places}, {site.name}",
        "day": day(stay.period.local(site.zone).start.date(), language(), year=True),
        "feedback_link": settings.PUBLIC_URL + feedback,
    }


def said_of(rental: RentalQuote) -> dict[str, Any]:
    """What each of them says."""
    request = rental.request
    return {
        "request": request,
        "site": request.site,
        "first_name": first_name(request.name),
        "sheet_link": settings.PUBLIC_URL + reverse("bookings:rent_sheet", args=[request.key]),
        "rules_link": settings.PUBLIC_URL + reverse("members:page", args=["reglement-interieur"]),
        "link": settings.PUBLIC_URL + request.get_absolute_url(),
    }


def register() -> None:
    """Declare the messages and the calendar attachment; called from `apps.py:ready`."""
    kinds.register("rentals/reminder", load_reminder, label=gettext_lazy("rappel avant une location"))
    kinds.register("rentals/changed", load_changed, label=gettext_lazy("changement d’une location"))
    kinds.register("rentals/thanks", load_thanks, label=gettext_lazy("remerciement après une location"))
    attachments.register("rental-ics", rental_calendar.attachment)
