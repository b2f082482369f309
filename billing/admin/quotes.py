"""Quotes: read here, with their state; prepared and sent by pages of intent."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.documents.sums import rate
from billing.models import Quote, QuoteLine
from billing.quotes.wording import advance_said
from billing.units import counted
from members.desk import pill, two_lines
from members.desk_read_only import ReadOnlyAdmin, ReadOnlyInline
from members.templatetags.formats import date_short, euros

KINDS = {
    "draft": "due",
    "sent": "wait",
    "accepted": "done",
    "refused": "off",
    "expired": "off",
    "withdrawn": "off",
    "superseded": "off",
}


class QuoteLineInline(ReadOnlyInline):
    """What is offered."""

    model = QuoteLine
    fields = ("label", "detail", "how_much", "rate_said", "amount_excl", "amount_incl")

    @admin.display(description=_("quantité"))
    def how_much(self, obj: QuoteLine) -> str:
        """« 4 heures »."""
        return counted(obj.quantity, obj.unit, get_language() or "fr")

    @admin.display(description=_("TVA"))
    def rate_said(self, obj: QuoteLine) -> str:
        """« 20 % »."""
        return rate(obj.vat_rate, get_language() or "fr")


@admin.register(Quote)
class QuoteAdmin(ReadOnlyAdmin):
    """A priced offer, version by version."""

    list_display = ("number", "payer", "shown_state", "until", "total_said", "sent_at")
    list_filter = ("state", "seller", "confirmation")
    list_select_related = ("customer", "seller")
    search_fields = ("reference", "customer__name", "customer__email", "lines__label")
    date_hierarchy = "created_at"
    inlines = (QuoteLineInline,)
    readonly_fields = ("number", "shown_state", "until", "total_said", "discount", "advance", "order")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "number",
                    "shown_state",
                    "seller",
                    "customer",
                    "total_said",
                    "discount",
                    "advance",
                    "confirmation",
                    "terms",
                    "message",
                )
            },
        ),
        (
            _("Suivi"),
            {
                "fields": (
                    "created_by",
                    "created_at",
                    "sent_at",
                    "until",
                    "ended_at",
                    "refusal_reason",
                    "order",
                )
            },
        ),
        (
            _("Preuve de l’accord"),
            {
                "fields": (
                    "accepted_at",
                    "accepted_name",
                    "accepted_function",
                    "accepted_ip",
                    "accepted_agent",
                    "accepted_sha256",
                )
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The proof only where there is one."""
        groups = super().get_fieldsets(request, obj)
        return groups if obj is not None and obj.accepted_at else groups[:-1]

    @admin.display(description=_("devis"), ordering="reference")
    def number(self, obj: Quote) -> str:
        """What people call it."""
        return obj.number

    @admin.display(description=_("client"), ordering="customer__name")
    def payer(self, obj: Quote) -> SafeString:
        """Who it is for."""
        return two_lines(obj.customer, obj.customer.email if obj.customer.name else "")

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Quote) -> SafeString:
        """How far it has come."""
        return pill(KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("valable jusqu’au"), ordering="valid_until")
    def until(self, obj: Quote) -> str:
        """Its last day."""
        return date_short(obj.last_day)

    @admin.display(description=_("total TTC"), ordering="total_incl")
    def total_said(self, obj: Quote) -> str:
        """What it comes to."""
        return euros(obj.total_incl)

    @admin.display(description=_("remise"))
    def discount(self, obj: Quote) -> str:
        """How much off, and why."""
        return f"{euros(obj.discount_excl)}, {obj.discount_label}" if obj.discount_excl else "–"

    @admin.display(description=_("acompte"))
    def advance(self, obj: Quote) -> str:
        """What is asked before."""
        return advance_said(obj, get_language() or "fr") if obj.advance_percent else "–"

    @admin.display(description=_("commande d’acompte"))
    def order(self, obj: Quote) -> str:
        """The order that the acceptance opened."""
        return obj.advance_order.reference if obj.advance_order else "–"
