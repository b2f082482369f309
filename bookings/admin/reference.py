"""Sites, hours, spaces, equipment and tariffs: plain reference data, dated where prices are."""

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bookings.admin.drawings import FloorForm, SpaceForm
from bookings.choices import SpaceChoice
from bookings.models import Equipment, Floor, OpeningHours, Site, Space, SpacePart, Tariff
from members.desk import DeskAdmin, pill, two_lines
from members.desk_dated import DatedAdmin
from members.templatetags.formats import euros


@admin.register(Site)
class SiteAdmin(DeskAdmin):
    """A place, its door and its rules of booking."""

    lists_people = False  # the address is that of the house
    list_display = ("name", "place", "city", "seller", "desk_payment", "is_open")
    list_select_related = ("seller",)
    search_fields = ("name", "place", "city")
    fieldsets = (
        (None, {"fields": ("code", "name", "place", "seller", "position", "is_open")}),
        (
            _("Où"),
            {"fields": ("address", "postcode", "city", "country", "subdivision", "timezone", "directions")},
        ),
        (
            _("Accueil"),
            {"fields": ("email", "phone", "door", "door_code", "wifi_name", "wifi_password")},
        ),
        (
            _("Règles de réservation"),
            {
                "fields": (
                    "desk_payment",
                    "holidays_open",
                    "horizon_days",
                    "notice_minutes",
                    "shortest_minutes",
                    "longest_hours",
                    "open_holds",
                )
            },
        ),
        (
            _("Règles d’annulation"),
            {"fields": ("free_cancellation_time", "free_cancellation_hours", "late_share")},
        ),
    )

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What addresses and documents name stays."""
        return ("code", "seller") if obj else ()


class SpaceOfSite(DeskAdmin):
    """A form in which one chooses a space: each names its site; a row offers those of its own site."""

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Offer « Rouen · Poste 1 »."""
        if db_field.name != "space":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        spaces = (
            Space.objects.active().select_related("site").order_by("site__position", "position", "number")
        )
        chosen = site_of_form(request, self.get_queryset(request))
        kwargs["queryset"] = spaces.filter(site=chosen) if chosen else spaces
        return super().formfield_for_foreignkey(db_field, request, form_class=SpaceChoice, **kwargs)


def site_of_form(request: HttpRequest, rows: "QuerySet[Any]") -> int | None:
    """The site a form is about: as sent, or that of the row, or of the one it follows (`?depuis=`)."""
    asked = request.POST.get("site") or request.GET.get("site", "")
    if asked.isdecimal():
        return int(asked)
    match = request.resolver_match
    pk = request.GET.get("depuis") or (match.kwargs.get("object_id", "") if match else "")
    found = rows.filter(pk=pk).values_list("site", flat=True).first() if str(pk).isdecimal() else None
    return int(found) if found is not None else None


@admin.register(OpeningHours)
class OpeningHoursAdmin(SpaceOfSite):
    """When a site, or one space of it, is open."""

    list_display = ("weekday", "half", "opens", "closes", "site", "space", "valid_from", "valid_to")
    list_filter = ("site", "weekday", "half")
    list_select_related = ("site", "space")
    search_fields = ("site__name", "space__name")


@admin.register(Floor)
class FloorAdmin(DeskAdmin):
    """A storey and its drawing."""

    form = FloorForm

    list_display = ("name", "site", "position")
    list_filter = ("site",)
    list_select_related = ("site",)


@admin.register(Space)
class SpaceAdmin(DeskAdmin):
    """Anything bookable."""

    form = SpaceForm

    list_display = ("label", "kind", "site", "capacity", "shown_state")
    list_filter = ("site", "kind", "is_active", "equipment")
    list_select_related = ("site",)
    search_fields = ("name", "short_name", "code", "number")
    ordering = ("site__position", "position", "number", "name")
    filter_horizontal = ()
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "site",
                    "floor",
                    "code",
                    "kind",
                    "name",
                    "short_name",
                    "number",
                    "group",
                    "capacity",
                    "equipment",
                    "position",
                    "is_active",
                    "out_of_order_reason",
                )
            },
        ),
        (_("Sur le plan"), {"classes": ("collapse",), "fields": ("x", "y", "w", "h", "rotation", "door")}),
    )

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What bookings rest on stays."""
        return ("site", "code", "kind") if obj else ()

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        """A new space is its own only part."""
        super().save_related(request, form, formsets, change)
        if not change:
            SpacePart.objects.get_or_create(space=form.instance, atom=form.instance)

    @admin.display(description=_("espace"), ordering="position")
    def label(self, obj: Space) -> str:
        """Its name on the screen."""
        return obj.label

    @admin.display(description=_("état"))
    def shown_state(self, obj: Space) -> SafeString:
        """Whether it can be booked."""
        if obj.out_of_order_reason:
            return pill("wait", obj.out_of_order_reason, "warning")
        return pill("done", _("réservable")) if obj.is_active else pill("off", _("caché"))


@admin.register(Equipment)
class EquipmentAdmin(DeskAdmin):
    """What spaces have."""

    list_display = ("name", "name_en", "code", "icon")
    search_fields = ("name", "name_en", "code")


@admin.register(Tariff)
class TariffAdmin(SpaceOfSite, DatedAdmin):
    """Dated prices: a new price is a new row from its day on."""

    series = ("site_id", "kind", "space_id", "audience")
    list_display = (
        "what",
        "audience",
        "half_day_amount",
        "day_amount",
        "hour_amount",
        "cap_amount",
        "valid_from",
        "valid_to",
    )
    list_filter = ("site", "kind", "audience")
    list_select_related = ("site", "space", "product")
    search_fields = ("site__name", "space__name", "product__name")

    @admin.display(description=_("ce qui est vendu"), ordering="kind")
    def what(self, obj: Tariff) -> SafeString:
        """The space or the kind of space, and the site."""
        return two_lines(obj.space or obj.get_kind_display().capitalize(), obj.site)

    @admin.display(description=_("la demi-journée"))
    def half_day_amount(self, obj: Tariff) -> str:
        """Price of a half-day."""
        return euros(obj.half_day) if obj.half_day is not None else "–"

    @admin.display(description=_("la journée"))
    def day_amount(self, obj: Tariff) -> str:
        """Price of a day."""
        return euros(obj.day) if obj.day is not None else "–"

    @admin.display(description=_("l’heure"))
    def hour_amount(self, obj: Tariff) -> str:
        """Price of an hour."""
        return euros(obj.hour) if obj.hour is not None else "–"

    @admin.display(description=_("plafond"))
    def cap_amount(self, obj: Tariff) -> str:
        """The most a day costs."""
        return euros(obj.day_cap) if obj.day_cap is not None else "–"
