"""Who comes, who came and what they thought: read here; the desk of each event is where it changes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from events.models import Feedback, Registration
from members.desk import pill, two_lines
from members.desk_read_only import ReadOnlyAdmin
from members.templatetags.formats import euros

MARKS = range(1, 6)


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    """Who registered for what, without the key of their private page."""

    KINDS = {"waiting": "wait", "held": "wait", "confirmed": "done", "expired": "off", "cancelled": "off"}

    list_display = ("who", "event", "ticket", "seats", "shown_state", "total_price", "created_at")
    list_filter = ("state", "source", "event__site", "event__category")
    list_select_related = ("event", "ticket")
    search_fields = ("name", "email", "event__title", "places__code")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    fields = (
        "name",
        "email",
        "event",
        "ticket",
        "seats",
        "total_price",
        "order",
        "shown_state",
        "source",
        "user",
        "created_at",
        "queued_at",
        "offered_at",
        "held_until",
        "confirmed_at",
        "cancelled_at",
        "erased_at",
    )

    @admin.display(description=_("personne"), ordering="name")
    def who(self, obj: Registration) -> SafeString:
        """Name and address."""
        return two_lines(str(obj), obj.email)

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Registration) -> SafeString:
        """The state, as a pill."""
        return pill(self.KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("montant TTC"))
    def total_price(self, obj: Registration) -> str:
        """What all its seats cost, VAT included."""
        return euros(obj.total)

    @admin.display(description=_("commande"))
    def order(self, obj: Registration) -> str:
        """The order that pays it."""
        return obj.line.order.reference if obj.line else "–"


class RatingFilter(admin.SimpleListFilter):
    """One to five, without asking the database which there are."""

    title = _("note")
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The five marks."""
        return [(str(mark), mark) for mark in MARKS]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """Those with the mark that was chosen."""
        mark = self.value()
        return queryset.filter(rating=mark) if mark in {str(each) for each in MARKS} else queryset


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    """What people thought; nobody is named."""

    list_display = ("event", "rating", "text", "at")
    list_filter = (RatingFilter, "event__site", "event__category")
    list_select_related = ("event",)
    search_fields = ("text", "event__title")
    date_hierarchy = "at"
    ordering = ("-at",)
    fields = ("event", "rating", "text", "at")
