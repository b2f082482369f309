"""The accounts of a seller: what has no row has the usual one."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from billing.admin.whole_seller import OfWholeSeller
from billing.models import Account


@admin.register(Account)
class AccountAdmin(OfWholeSeller):
    """Which account stands for what."""

    list_display = ("number", "label", "role", "rate", "seller")
    list_filter = ("seller", "role")
    list_select_related = ("seller",)
    search_fields = ("number", "label")

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Whose account it is, and for what, stays."""
        return ("seller", "role", "rate") if obj else ()
