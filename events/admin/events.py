"""Events and their tickets: read here, changed by the event's own desk; categories are reference data."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events.models import Category, Event, TicketType
from members.desk import DeskAdmin, pill, two_lines
from members.desk_read_only import ReadOnlyAdmin, ReadOnlyInline
from members.templatetags.formats import date_short, euros, hours, span_year


@admin.register(Category)
class CategoryAdmin(DeskAdmin):
    """What sorts of events there are."""

    list_display = ("name", "name_en", "code", "position")
    search_fields = ("name", "name_en", "code")

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What addresses name stays."""
        return ("code",) if obj else ()


class TicketInline(ReadOnlyInline):
    """What may be had of an event."""

    model = TicketType
    fields = ("name", "pricing", "price", "member_price", "quota", "seats_taken", "is_active")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What is on, who writes it, how full it is; its desk is where it is changed."""

    lists_people = False  # but who wrote what everybody reads
    KINDS = {"draft": "off", "submitted": "wait", "published": "done", "cancelled": "off"}

    list_display = ("title", "when", "place", "shown_state", "places", "created_by")
    list_filter = ("state", "site", "category", "audience")
    list_select_related = ("site", "space", "category", "created_by")
    search_fields = ("title", "slug", "summary", "created_by__name", "created_by__email")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    inlines = (TicketInline,)
    fields = (
        "title",
        "desk",
        "when_in_full",
        "place",
        "category",
        "audience",
        "shown_state",
        "places",
        "has_waiting_list",
        "created_by",
        "submitted_at",
        "published_at",
        "visible_from",
        "cancelled_at",
        "cancel_reason",
        "thanked_at",
        "erased_at",
    )

    def get_fields(self, request: HttpRequest, obj: Event | None = None) -> list[Any]:
        """The pages of those who run it are for those who may: a treasurer only reads."""
        runs = request.user.has_perm("events.organise_event")
        return [each for each in super().get_fields(request, obj) if runs or each != "desk"]

    @admin.display(description=_("quand"), ordering="starts_at")
    def when(self, obj: Event) -> SafeString:
        """Day and hours, on the clocks of the site."""
        return two_lines(date_short(obj.local.start), hours(obj.local))

    @admin.display(description=_("quand"))
    def when_in_full(self, obj: Event) -> str:
        """The same in full, for the page of one event."""
        return span_year(obj.local)

    @admin.display(description=_("lieu"))
    def place(self, obj: Event) -> SafeString:
        """Where, and which site answers for it."""
        return two_lines(obj.place_label, obj.site.name)

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Event) -> SafeString:
        """The state, as a pill."""
        return pill(self.KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("places prises"), ordering="seats_taken")
    def places(self, obj: Event) -> str:
        """How many are taken, of how many."""
        return f"{obj.seats_taken} / {obj.capacity}" if obj.capacity is not None else str(obj.seats_taken)

    @admin.display(description=_("pages"))
    def desk(self, obj: Event) -> SafeString:
        """Where it is changed, and what it came to."""
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            f"{obj.get_absolute_url()}suivi/",
            _("Suivi"),
            f"{obj.get_absolute_url()}bilan/",
            _("Bilan"),
        )


@admin.register(TicketType)
class TicketTypeAdmin(ReadOnlyAdmin):
    """Tickets of every event, with what they cost."""

    list_display = ("event", "label", "pricing", "shown_price", "places")
    list_filter = ("pricing", "event__site")
    list_select_related = ("event",)
    search_fields = ("name", "event__title")
    ordering = ("-event__starts_at", "position")
    fields = (
        "event",
        "name",
        "pricing",
        "price",
        "member_price",
        "quota",
        "seats_taken",
        "opens_at",
        "closes_at",
        "limit",
        "is_active",
    )

    @admin.display(description=_("prix TTC"), ordering="price")
    def shown_price(self, obj: TicketType) -> str:
        """What it costs, VAT included."""
        return euros(obj.price)

    @admin.display(description=_("tarif"), ordering="name")
    def label(self, obj: TicketType) -> str:
        """Its name."""
        return obj.label

    @admin.display(description=_("places prises"), ordering="seats_taken")
    def places(self, obj: TicketType) -> str:
        """How many are taken, of its quota if it has one."""
        return f"{obj.seats_taken} / {obj.quota}" if obj.quota is not None else str(obj.seats_taken)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With what a row says."""
        return super().get_queryset(request).select_related("event")
