"""What is sold: its VAT, its account, where it counts in reports."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.account import check_account
from billing.models.seller import Seller


class PriceBasis(models.TextChoices):
    """Whether a price is a master including or excluding VAT."""

    TTC = "ttc", _("TTC")
    HT = "ht", _("HT")


class Product(models.Model):
    """What is sold. What it costs is a Tariff (bookings) or a Price, never here."""

    seller = models.ForeignKey(Seller, models.PROTECT, related_name="products", verbose_name=_("vendeur"))
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("nom"), max_length=120)
    name_en = models.CharField(_("nom en anglais"), max_length=120, blank=True)
    vat_rate = models.DecimalField(_("taux de TVA"), max_digits=5, decimal_places=2, default=Decimal("20.00"))
    price_basis = models.CharField(
        _("base de prix"), max_length=3, choices=PriceBasis, default=PriceBasis.TTC
    )
    revenue_account = models.CharField(
        _("compte de produit"), max_length=12, default="706000", validators=[check_account]
    )
    report_category = models.SlugField(_("rubrique"), max_length=40, blank=True)
    is_active = models.BooleanField(_("en vente"), default=True)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering: ClassVar[list[str]] = ["seller", "code"]
        db_table_comment = "What is sold: VAT rate, price basis, revenue account, report category"
        constraints = [
            models.UniqueConstraint(fields=["seller", "code"], name="product_code_is_its_sellers_own"),
            models.CheckConstraint(
                condition=Q(vat_rate__gte=0, vat_rate__lt=100), name="product_has_a_sensible_vat_rate"
            ),
            models.CheckConstraint(
                condition=Q(price_basis__in=["ttc", "ht"]), name="product_has_a_price_basis"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """Give the name in `language`, French where there is no other."""
        return self.name_en or self.name if language == "en" else self.name
