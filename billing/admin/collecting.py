"""The manager's desk for what is collected: transfers read, dunning steps and rates as dated rows."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from billing.models import DunningStep, LateRate, Payment, Transfer
from members.desk_dated import DatedAdmin
from members.desk_read_only import ReadOnlyAdmin, ReadOnlyInline
from members.templatetags.formats import euros


class TransferPaymentInline(ReadOnlyInline):
    """What it paid, and what is kept."""

    model = Payment
    fields = ("order", "state", "amount", "refunded")
    show_change_link = True


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Transfers received, as they were entered."""

    list_display = ("received_on", "customer", "reference", "entered_by", "whole")
    list_filter = ("seller",)
    list_select_related = ("customer", "entered_by", "seller")
    search_fields = ("reference", "reference_key", "customer__name", "customer__email")
    date_hierarchy = "received_on"
    fields = (
        "received_on",
        "whole",
        "reference",
        "customer",
        "seller",
        "serial",
        "entered_by",
        "entered_at",
    )
    readonly_fields = ("whole",)
    inlines = (TransferPaymentInline,)

    @admin.display(description=_("montant"), ordering="amount")
    def whole(self, obj: Transfer) -> str:
        """How much."""
        return euros(obj.amount)


@admin.register(DunningStep)
class DunningStepAdmin(DatedAdmin):
    """The three steps: another wording, or another day, is a new row."""

    series = ("position",)
    list_display = ("position", "days_after", "subject_fr", "tells_charges", "valid_from", "valid_to")


@admin.register(LateRate)
class LateRateAdmin(DatedAdmin):
    """The rate of late penalties, half-year by half-year."""

    list_display = ("percent", "valid_from", "valid_to")
