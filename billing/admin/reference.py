"""Sellers, customers and what is sold: plain reference data."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from billing.admin.whole_seller import OfWholeSeller
from billing.models import Customer, Mention, Price, Product, Seller
from billing.sellers import check_seller
from members.desk import DeskAdmin, two_lines
from members.desk_dated import DatedAdmin, DatedForm


class SellerForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """A seller, with its numbers checked by their keys."""

    def _post_clean(self) -> None:
        """Judge the seller as the form leaves it."""
        super()._post_clean()  # type: ignore[misc]  # left out of the stubs
        try:
            check_seller(self.instance)
        except forms.ValidationError as error:
            for name, found in error.error_dict.items():
                self.add_error(name if name in self.fields else None, found)


@admin.register(Seller)
class SellerAdmin(DeskAdmin):
    """The legal entity that invoices."""

    lists_people = False  # the address is that of the house
    form = SellerForm
    list_display = ("name", "legal_form", "siret", "vat_regime", "specimen")
    search_fields = ("name", "siret")
    readonly_fields = ("specimen",)

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """The code names series and exports: it stays. Who is held to a limit does not set it."""
        limit = () if getattr(request.user, "is_superuser", False) else ("refund_approval_above",)
        return ("specimen", *(("code",) if obj else ()), *limit)


@admin.register(Mention)
class MentionAdmin(OfWholeSeller, DatedAdmin):
    """Legal texts: a change is a new row."""

    series = ("code", "seller_id", "language")
    list_display = ("code", "seller", "language", "valid_from", "valid_to")
    list_filter = ("language", "seller")
    list_select_related = ("seller",)
    search_fields = ("code", "text")


@admin.register(Product)
class ProductAdmin(OfWholeSeller):
    """What is sold: VAT, account, where it counts."""

    list_display = ("name", "seller", "vat_rate", "price_basis", "revenue_account", "is_active")
    list_filter = ("seller", "is_active")
    list_select_related = ("seller",)
    search_fields = ("name", "code")

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """What makes it this article stays."""
        return ("seller", "code") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An article is withdrawn from sale, not deleted."""
        return False


class PriceForm(DatedForm):
    """A price; the one it follows, which is still open, ends the day before and is no overlap."""

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the overlap to `clean`: the database sees it once the price before has ended."""
        return {*super()._get_validation_exclusions(), "product"}  # type: ignore[misc]  # left out of the stubs

    def clean(self) -> dict[str, Any]:
        """Refuse days on which the product has another price."""
        data = super().clean()
        begins, product = data.get("valid_from"), data.get("product")
        if not begins or not product:
            return data
        others = product.prices.exclude(pk=self.instance.pk)
        others = others.exclude(valid_from__lt=begins, valid_to=None).filter(
            Q(valid_to=None) | Q(valid_to__gte=begins)
        )
        if data.get("valid_to"):
            others = others.filter(valid_from__lte=data["valid_to"])
        if others.exists():
            self.add_error("valid_from", _("Cet article a déjà un prix à ces dates."))
        return data


@admin.register(Price)
class PriceAdmin(OfWholeSeller, DatedAdmin):
    """What is sold by the piece: a new price is a new row from its day on."""

    form = PriceForm
    binds = "product"
    series = ("product_id",)
    list_display = ("product", "amount", "basis", "valid_from", "valid_to")
    list_filter = ("product__seller",)
    list_select_related = ("product",)
    search_fields = ("product__name", "product__code")

    @admin.display(description=_("base"))
    def basis(self, obj: Price) -> str:
        """Whether VAT is in it."""
        return obj.product.get_price_basis_display()


@admin.register(Customer)
class CustomerAdmin(DeskAdmin):
    """Who pays, where to write, and whether on invoice."""

    list_display = ("who", "kind", "terms_days", "city", "created_at")
    list_filter = ("kind", "buyer", ("terms_days", admin.EmptyFieldListFilter))
    list_select_related = ("user", "organisation")
    search_fields = ("name", "email", "user__name", "organisation__name", "siren")
    fields = (
        "kind",
        "name",
        "email",
        "language",
        "terms_days",
        "address",
        "postcode",
        "city",
        "country",
        "buyer",
        "siren",
        "vat_number",
        "service_code",
        "created_at",
    )

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Who it is doesn't change."""
        return ("kind", "created_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A contact is made while booking for someone; the others follow people and organisations."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A customer stays with what was sold."""
        return False

    @admin.display(description=_("client"), ordering="name")
    def who(self, obj: Customer) -> SafeString:
        """Name and address."""
        return two_lines(obj.name or obj.user or obj.organisation or obj.email, obj.email)
