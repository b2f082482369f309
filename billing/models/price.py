"""What a product costs, from when to when."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class Days(Func):
    """The days of a price as one range, both ends counted; without an end it goes on."""

    function = "daterange"
    output_field = DateRangeField()


class PriceQuerySet(models.QuerySet["Price"]):
    """Which prices count."""

    def on(self, day: date) -> "PriceQuerySet":
        """Those of one day: a product has at most one."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Price(models.Model):
    """The dated price of what is sold by the piece; with or without VAT as its product's basis says."""

    product = models.ForeignKey(
        "billing.Product", models.PROTECT, related_name="prices", verbose_name=_("article")
    )
    amount = models.DecimalField(
        _("montant"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    valid_from = models.DateField(_("à partir du"))
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = PriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("prix")
        verbose_name_plural = _("prix")
        ordering: ClassVar[list[str]] = ["product", "-valid_from"]
        db_table_comment = "The dated price of a product sold by the piece"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_is_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="price_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="product_has_one_price_a_day",
                expressions=[
                    (
                        Days("valid_from", "valid_to", RangeBoundary(inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                    ("product", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}, {self.amount}"
