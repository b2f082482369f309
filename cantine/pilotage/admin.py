"""The manager's desk for budget and commitments: plain rows within her reach, which the treasurer reads."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import DateField, F, ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bookings.models import Site
from cantine.pilotage.models import Agreement, BudgetLine, Commitment, Indicator, Meeting, Target
from cantine.pilotage.services.commitments import keep_commitment, reopen_commitment
from members import reach
from members.desk import DeskAdmin, TabularInline, pill, two_lines
from members.models import User
from members.templatetags.formats import euros

MONTHS = frozenset({"month", "first_month", "last_month", "start_month", "due_month"})


class MonthField(forms.DateField):
    """A day of a month, which stands for the whole of it."""

    def clean(self, value: Any) -> Any:
        """The first day of that month."""
        found = super().clean(value)
        return found and found.replace(day=1)


class PlanAdmin(DeskAdmin):
    """Rows of a plan: months typed as any day of theirs; who does not manage all sites names one."""

    list_select_related: ClassVar[tuple[str, ...]] = ("site",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Read months as months."""
        if isinstance(db_field, DateField) and db_field.name in MONTHS:
            kwargs["form_class"] = MonthField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """What is of all sites is for who manages all of them."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "site" and not reach.of(request.user).everywhere:
            field.required = self.model is not BudgetLine
        return field


@admin.register(BudgetLine)
class BudgetLineAdmin(PlanAdmin):
    """Costs and grants, month by month."""

    list_title = _("Budget")
    list_display = ("what", "kind", "month", "whole", "place")
    list_filter = ("kind", "site")
    list_select_related = ("site", "seller")
    search_fields = ("label", "source")
    date_hierarchy = "month"

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """A seller is for who manages all of its sites."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        found = reach.of(request.user)
        if field is not None and db_field.name == "seller" and not found.everywhere:
            elsewhere = Site.objects.exclude(pk__in=found.sites).values("seller")
            sellers: QuerySet[Any] = field.queryset  # type: ignore[assignment]  # a foreign key offers rows
            field.queryset = sellers.exclude(pk__in=elsewhere)
        return field

    @admin.display(description=_("libellé"), ordering="label")
    def what(self, obj: BudgetLine) -> SafeString:
        """What it is, and from whom."""
        return two_lines(obj.label, obj.source)

    @admin.display(description=_("montant"), ordering="amount")
    def whole(self, obj: BudgetLine) -> str:
        """How much."""
        return euros(obj.amount)

    @admin.display(description=_("site ou vendeur"))
    def place(self, obj: BudgetLine) -> str:
        """Where."""
        return str(obj.site or obj.seller)


class IndicatorInline(TabularInline):
    """What the agreement asks to reach."""

    model = Indicator
    extra = 0


@admin.register(Agreement)
class AgreementAdmin(PlanAdmin):
    """Grant agreements with their indicators."""

    list_display = ("funder", "first_month", "last_month", "whole", "site")
    search_fields = ("funder",)
    inlines = (IndicatorInline,)

    @admin.display(description=_("montant accordé"), ordering="amount")
    def whole(self, obj: Agreement) -> str:
        """How much."""
        return euros(obj.amount)


class OpenFilter(admin.SimpleListFilter):
    """Those to keep, those kept."""

    title = _("état")
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two."""
        return [("a-tenir", _("À tenir")), ("tenus", _("Tenus"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows of one of them."""
        if self.value() == "a-tenir":
            return queryset.filter(done_at=None)
        return queryset.exclude(done_at=None) if self.value() == "tenus" else queryset


@admin.register(Commitment)
class CommitmentAdmin(PlanAdmin):
    """What was promised, and whether it is kept."""

    lists_people = False  # but who of the staff did it
    list_display = ("promised", "due_on", "kept", "site")
    list_filter = (OpenFilter, "site")
    list_select_related = ("site", "done_by")
    search_fields = ("what", "to_whom")
    fields = ("site", "to_whom", "what", "due_on", "note", "done_at", "done_by")
    readonly_fields = ("done_at", "done_by")
    actions = ("keep", "reopen")

    @admin.display(description=_("engagement"), ordering="what")
    def promised(self, obj: Commitment) -> SafeString:
        """What, to whom."""
        return two_lines(obj.what, obj.to_whom)

    @admin.display(description=_("état"), ordering=F("done_at").asc(nulls_first=True))
    def kept(self, obj: Commitment) -> SafeString:
        """Whether it is kept, or late."""
        if obj.done_at is not None:
            return pill("done", _("tenu"))
        late = obj.due_on < timezone.localdate()
        return pill("due", _("en retard"), "bell") if late else pill("wait", _("à tenir"))

    @admin.action(description=_("Marquer comme tenus"), permissions=["change"])
    def keep(self, request: HttpRequest, rows: "QuerySet[Any]") -> None:
        """Note that these are kept."""
        now = timezone.now()
        by = cast("User", request.user)
        kept = sum(keep_commitment(commitment=row, by=by, now=now) for row in mine(request, rows))
        text = ngettext("%(number)s engagement tenu.", "%(number)s engagements tenus.", kept)
        self.message_user(request, text % {"number": kept}, messages.SUCCESS)

    @admin.action(description=_("Remettre à tenir"), permissions=["change"])
    def reopen(self, request: HttpRequest, rows: "QuerySet[Any]") -> None:
        """Note that these are to be kept after all."""
        for row in mine(request, rows):
            reopen_commitment(commitment=row, by=cast("User", request.user))
        self.message_user(request, _("C’est remis à tenir."), messages.SUCCESS)


def mine(request: HttpRequest, rows: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those that who is asking manages."""
    return reach.managed_by(rows, request.user)


@admin.register(Meeting)
class MeetingAdmin(PlanAdmin):
    """Meetings of steering committees."""

    list_display = ("committee", "held_on", "place", "site")
    search_fields = ("committee", "place")


@admin.register(Target)
class TargetAdmin(PlanAdmin):
    """The way to go, drawn as a line on « Pilotage »."""

    list_display = ("__str__", "start_month", "start_percent", "due_month", "percent", "site")
