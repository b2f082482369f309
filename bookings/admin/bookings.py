"""Bookings, closures and arrivals: read here, changed by pages of intent."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import OrderBy, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.payments.owed import owed_on
from bookings.admin.filters import PaidFilter, WhenFilter, soonest_first
from bookings.models import Booking, Closure, Presence
from bookings.period import Period
from members.desk import pill, two_lines
from members.desk_read_only import ReadOnlyAdmin
from members.templatetags.formats import date_short, day_short, euros, hours, span_year


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    """Who has booked what; arrivals, takings and cancellations have pages of their own."""

    KINDS = {"held": "wait", "confirmed": "done", "cancelled": "off", "expired": "off"}

    list_display = ("reference", "when", "who", "place", "shown_state", "total_amount")
    list_filter = (WhenFilter, "site", "space__kind", "state", PaidFilter)
    list_select_related = ("site", "space", "customer", "booked_by", "line", "closure", "presence")
    search_fields = ("reference", "customer__name", "customer__email", "space__name", "booked_by__name")
    fields = (
        "reference",
        "site",
        "space",
        "day_and_hours",
        "purpose",
        "customer",
        "booked_by",
        "shown_state",
        "held_until",
        "note",
        "order",
        "total_amount",
        "created_at",
        "confirmed_at",
        "cancelled_at",
    )
    readonly_fields = ("day_and_hours", "shown_state", "total_amount", "order")
    change_form_template = "admin/bookings/booking/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        """Closures have a list of their own."""
        return super().get_queryset(request).exclude(purpose=Booking.Purpose.CLOSURE)

    def get_ordering(self, request: HttpRequest) -> list[OrderBy]:  # type: ignore[override]  # Django takes both
        """What is to come first, the soonest at the top."""
        return soonest_first(timezone.now())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say whether there is money to take."""
        booking = context.get("original")
        context["owed"] = owed_on(booking.line.order) if booking and booking.line else Decimal(0)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("quand"), ordering="during")
    def when(self, obj: Booking) -> SafeString:
        """Day and hours, on the clocks of the site; the year where it is another one."""
        period = obj.period.local(obj.site.zone)
        this_year = period.start.year == timezone.localdate().year
        return two_lines((day_short if this_year else date_short)(period.start), hours(period))

    @admin.display(description=_("quand"))
    def day_and_hours(self, obj: Booking) -> str:
        """The same in full, for the page of one booking."""
        return span_year(obj.period.local(obj.site.zone))

    @admin.display(description=_("espace"), ordering="space__position")
    def place(self, obj: Booking) -> SafeString:
        """Which space, and at which site: two have a « Poste 1 »."""
        return format_html("{}<small>{}</small>", obj.space.label, obj.site.name)

    @admin.display(description=_("client"), ordering="customer__name")
    def who(self, obj: Booking) -> SafeString:
        """Who it is for, and who booked it when that is someone else."""
        customer = str(obj.customer or obj.get_purpose_display())
        by = str(obj.booked_by or "")
        return two_lines(customer, by if by != customer else "")

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Booking) -> SafeString:
        """The state, and whether they came, as a pill."""
        if hasattr(obj, "presence"):
            return pill("here", _("pointée"))
        return pill(self.KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("commande"))
    def order(self, obj: Booking) -> str:
        """The order that pays it."""
        return obj.line.order.reference if obj.line else "–"

    @admin.display(description=_("montant TTC"), ordering="line__amount_incl")
    def total_amount(self, obj: Booking) -> str:
        """What it costs."""
        return euros(obj.line.amount_incl) if obj.line else "–"


@admin.register(Closure)
class ClosureAdmin(ReadOnlyAdmin):
    """When a site or a space is shut; closing has a page of its own, with who is hit."""

    lists_people = False  # but who of the staff did it
    list_display = ("when", "site", "space", "reason", "booked_by")
    list_filter = ("site",)
    list_select_related = ("site", "space", "booked_by")
    search_fields = ("reason", "space__name")
    fields = ("site", "space", "when", "reason", "booked_by")
    readonly_fields = ("when",)
    change_list_template = "admin/bookings/closure/change_list.html"

    @admin.display(description=_("quand"), ordering="during")
    def when(self, obj: Closure) -> str:
        """From when to when, on the clocks of the site."""
        return span_year(Period.of(obj.during).local(obj.site.zone))


@admin.register(Presence)
class PresenceAdmin(ReadOnlyAdmin):
    """Who came, and when."""

    list_title = _("pointages")
    list_display = ("arrived_at", "who", "where", "by")
    list_select_related = ("booking__customer", "booking__space", "booking__booked_by", "by")
    list_filter = ("booking__site",)
    search_fields = ("booking__reference", "booking__customer__name", "booking__space__name")
    date_hierarchy = "arrived_at"
    ordering = ("-arrived_at",)

    @admin.display(description=_("personne"))
    def who(self, obj: Presence) -> str:
        """For whom the place was booked."""
        return str(obj.booking.customer or obj.booking.booked_by or "–")

    @admin.display(description=_("espace"))
    def where(self, obj: Presence) -> str:
        """Where they sit."""
        return obj.booking.space.label
