"""The file of the ecosystem at the manager's desk: on the record of each organisation, and its two lists."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.desk import DeskAdmin, StackedInline, TabularInline
from members.desk_read_only import ReadOnlyInline
from members.gaps import GAPS
from members.models import Agglomeration, ListingConsent, OrganisationFact, OrganisationProfile, Sector


class ProfileInline(StackedInline):
    """What the file tells of it."""

    model = OrganisationProfile
    extra = 0
    fields = (
        "kind",
        "sector",
        "agglomeration",
        "city",
        "founded_on",
        "ceased_on",
        "siren",
        "website",
        "description",
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the small icons that add or open what a field names: each thing has its own list."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class FactInline(TabularInline):
    """Its numbers, year by year."""

    model = OrganisationFact
    extra = 0
    fields = ("year", "measure", "value", "source")


class ConsentInline(ReadOnlyInline):
    """Whether it agreed to be shown; only its owners say so, on their page."""

    model = ListingConsent
    fields = ("given_at", "withdrawn_at", "source", "text")


class GapFilter(admin.SimpleListFilter):
    """What the file still lacks."""

    title = _("ce qui manque au fichier")
    parameter_name = "manque"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every gap, in words."""
        return [(code, label) for code, (label, _condition) in GAPS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The organisations that have it today."""
        known = GAPS.get(self.value() or "")
        return queryset.filter(known[1](timezone.localdate())) if known else queryset


class ListedFilter(admin.SimpleListFilter):
    """Whether everyone may read of it."""

    title = _("page publique")
    parameter_name = "montree"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("oui", _("montrée")), ("non", _("pas montrée"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the agreement that stands."""
        standing = ListingConsent.objects.standing().values("organisation")
        if self.value() == "oui":
            return queryset.filter(pk__in=standing)
        return queryset.exclude(pk__in=standing) if self.value() == "non" else queryset


ORGANISATION_FILTERS = (
    "profile__kind",
    "profile__agglomeration",
    "profile__sector",
    GapFilter,
    ListedFilter,
)
ORGANISATION_INLINES = (ProfileInline, FactInline, ConsentInline)


class ListAdmin(DeskAdmin):
    """Words of the file; one that is used stays."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What organisations are sorted by is not deleted."""
        return False


@admin.register(Agglomeration)
class AgglomerationAdmin(ListAdmin):
    """The towns that make common cause."""

    list_display = ("name", "code", "position", "sites")
    fields = ("name", "code", "position", "site_codes")

    @admin.display(description=_("sites"))
    def sites(self, obj: Agglomeration) -> str:
        """Their codes."""
        return ", ".join(obj.site_codes) or "–"


@admin.register(Sector)
class SectorAdmin(ListAdmin):
    """What organisations work in."""

    list_display = ("name", "name_en", "code", "position")
    fields = ("name", "name_en", "code", "position")
