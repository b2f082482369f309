"""Orders, payments and refunds: read here, changed by pages of intent."""

from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.models import Anomaly, Order, OrderLine, Payment, Refund
from billing.payments.owed import owed_on
from billing.payments.refunds import failed_refunds
from billing.units import counted
from members.desk import pill
from members.desk_read_only import ReadOnlyAdmin, ReadOnlyInline
from members.templatetags.formats import euros


class OrderLineInline(ReadOnlyInline):
    """What was ordered."""

    model = OrderLine
    fields = ("label", "detail", "how_much", "vat_rate", "amount_excl", "amount_incl", "state")

    @admin.display(description=_("quantité"))
    def how_much(self, obj: OrderLine) -> str:
        """« 1 demi-journée »."""
        return counted(obj.quantity, obj.unit, get_language() or "fr")


class PaymentInline(ReadOnlyInline):
    """How it was paid."""

    model = Payment
    fields = ("attempt", "method", "state", "amount", "refunded", "started_at")
    show_change_link = True


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """What a customer is to pay for."""

    KINDS = {"open": "wait", "accepted": "done", "expired": "off", "cancelled": "off"}

    list_display = (
        "reference",
        "customer",
        "site_code",
        "shown_state",
        "means",
        "created_at",
        "total_amount",
    )
    list_filter = ("state", "means", "site_code", "seller")
    list_select_related = ("customer", "seller")
    search_fields = ("public_id", "customer__name", "customer__email", "lines__label")
    date_hierarchy = "created_at"
    fields = (
        "reference",
        "seller",
        "customer",
        "site_code",
        "shown_state",
        "means",
        "expires_at",
        "placed_by",
        "created_at",
        "accepted_at",
        "terms_of_sale",
        "terms_accepted_at",
        "start_requested_at",
        "total_amount",
    )
    readonly_fields = ("reference", "shown_state", "total_amount")
    inlines = (OrderLineInline, PaymentInline)
    change_form_template = "admin/billing/order/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """Add up every order of the page at once."""
        orders: QuerySet[Order] = super().get_queryset(request)
        return orders.annotate(total_shown=Sum("lines__amount_incl"))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say whether there is money to take."""
        order = context.get("original")
        context["owed"] = owed_on(order) if order else Decimal(0)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("numéro"), ordering="public_id")
    def reference(self, obj: Order) -> str:
        """What people call it."""
        return obj.reference

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Order) -> SafeString:
        """The state as a pill."""
        return pill(self.KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("montant TTC"))
    def total_amount(self, obj: Order) -> str:
        """What is to pay."""
        return euros(getattr(obj, "total_shown", None) or Decimal(0))


class AnomalyFilter(admin.SimpleListFilter):
    """Money that came in and became nothing yet."""

    title = _("à régler")
    parameter_name = "anomalie"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice: those that need someone."""
        return [("oui", _("Reçus sans suite"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        """Received, not settled."""
        if self.value() != "oui":
            return queryset
        return queryset.filter(state=Payment.State.SUCCEEDED, settled_at=None)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Attempts to move money to us."""

    KINDS = {
        "created": "wait",
        "processing": "wait",
        "succeeded": "done",
        "won": "done",
        "failed": "off",
        "expired": "off",
        "disputed": "due",
        "lost": "due",
    }

    list_display = (
        "order_number",
        "payer",
        "method",
        "shown_state",
        "started_at",
        "paid_amount",
        "back_amount",
    )
    list_filter = ("state", "method", AnomalyFilter)
    list_select_related = ("order__customer", "order__seller")
    search_fields = (
        "order__public_id",
        "order__customer__name",
        "order__customer__email",
        "session_id",
        "intent_id",
    )
    date_hierarchy = "started_at"
    exclude = ("session_url", "state")
    readonly_fields = ("shown_state",)

    @admin.display(description=_("commande"), ordering="order__public_id")
    def order_number(self, obj: Payment) -> str:
        """The order it pays."""
        return obj.order.reference

    @admin.display(description=_("client"), ordering="order__customer__name")
    def payer(self, obj: Payment) -> str:
        """Who pays."""
        return str(obj.order.customer)

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Payment) -> SafeString:
        """The state as a pill."""
        return pill(self.KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("montant"), ordering="amount")
    def paid_amount(self, obj: Payment) -> str:
        """How much."""
        return euros(obj.amount)

    @admin.display(description=_("remboursé"), ordering="refunded")
    def back_amount(self, obj: Payment) -> str:
        """How much went back."""
        return euros(obj.refunded) if obj.refunded else "–"


class WaitingFilter(admin.SimpleListFilter):
    """What somebody must do."""

    title = _("à faire")
    parameter_name = "a_faire"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice: those that wait for somebody."""
        return [("oui", _("À rendre ou à réessayer"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:
        """To hand over at the desk, or refused by the bank."""
        if self.value() != "oui":
            return queryset
        waiting = Q(pk__in=Refund.objects.to_repay_at_desk().values("pk"))
        return queryset.filter(waiting | Q(pk__in=failed_refunds().values("pk")))


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    """Attempts to give money back."""

    KINDS = {"requested": "wait", "pending": "wait", "succeeded": "done", "failed": "due", "refused": "off"}

    list_display = ("order_number", "payee", "reason", "shown_state", "requested_at", "back_amount")
    list_filter = ("state", "reason", WaitingFilter)
    list_select_related = ("payment__order__customer", "credit_note")
    search_fields = ("payment__order__public_id", "payment__order__customer__name", "stripe_id")
    fields = (
        "payment",
        "payee",
        "credit_note",
        "again_of",
        "amount",
        "reason",
        "shown_state",
        "requested_at",
        "requested_by",
        "needs_approval",
        "decided_by",
        "decided_at",
        "next_try_at",
        "tries",
        "error",
        "done_at",
        "stripe_id",
    )
    readonly_fields = ("shown_state", "payee")
    change_form_template = "admin/billing/refund/change_form.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say whether it is to be handed over, or may be asked for again."""
        refund = context.get("original")
        pk = refund.pk if refund else 0
        if refund:
            context["heading"] = f"{refund.payment.order.reference} · {euros(refund.amount)}"
        context["to_repay"] = Refund.objects.to_repay_at_desk().filter(pk=pk).exists()
        may_approve = request.user.has_perm("billing.approve_refund")
        context["may_approve"] = may_approve and Refund.objects.to_approve().filter(pk=pk).exists()
        context["may_retry"] = failed_refunds().filter(pk=pk).exists()
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("commande"), ordering="payment__order__public_id")
    def order_number(self, obj: Refund) -> str:
        """The order it gives back."""
        return obj.payment.order.reference

    @admin.display(description=_("client"), ordering="payment__order__customer__name")
    def payee(self, obj: Refund) -> str:
        """Who gets it."""
        return str(obj.payment.order.customer)

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Refund) -> SafeString:
        """The state as a pill."""
        return pill(self.KINDS[obj.state], obj.get_state_display())

    @admin.display(description=_("montant"), ordering="amount")
    def back_amount(self, obj: Refund) -> str:
        """How much."""
        return euros(obj.amount)


class OpenFilter(admin.SimpleListFilter):
    """What nobody has dealt with."""

    title = _("état")
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Still open, or dealt with."""
        return [("ouvertes", _("À régler")), ("reglees", _("Réglées"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Anomaly]) -> QuerySet[Anomaly]:
        """By whether somebody dealt with it."""
        if self.value() is None:
            return queryset
        return queryset.filter(resolved_at__isnull=self.value() == "ouvertes")


@admin.register(Anomaly)
class AnomalyAdmin(ReadOnlyAdmin):
    """Something about money that a person must look at."""

    list_display = ("kind", "order", "detail", "noticed_at", "shown_state")
    list_display_links = ("kind",)
    list_filter = (OpenFilter, "kind")
    list_select_related = ("order",)
    search_fields = ("order__public_id", "detail")
    exclude = ("key",)
    change_form_template = "admin/billing/anomaly/change_form.html"

    @admin.display(description=_("état"))
    def shown_state(self, obj: Anomaly) -> SafeString:
        """Open or dealt with."""
        return pill("done", _("réglée")) if obj.resolved_at else pill("due", _("à régler"), "warning")
