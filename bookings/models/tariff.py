"""What using a space costs, by whom and from when."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.space import Space

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _price(label: "StrOrPromise") -> "models.DecimalField[Decimal | None, Decimal | None]":
    """A price in euros that may be left out."""
    return models.DecimalField(
        label, max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )


def _not_negative(field: str) -> Q:
    """The price is left out, or not below nothing."""
    return Q(**{field: None}) | Q(**{f"{field}__gte": 0})


class Tariff(models.Model):
    """The dated price of using a kind of space; the row of one space wins over its kind's.

    Amounts include VAT or not as the product's price basis says.
    """

    class Audience(models.TextChoices):
        MEMBER = "member", _("membres")
        OUTSIDE = "outside", _("hors membres")

    site = models.ForeignKey("bookings.Site", models.PROTECT, related_name="tariffs", verbose_name=_("site"))
    kind = models.CharField(_("sorte d’espace"), max_length=8, choices=Space.Kind)
    space = models.ForeignKey(
        Space,
        models.PROTECT,
        related_name="tariffs",
        null=True,
        blank=True,
        verbose_name=_("espace"),
        help_text=_("Vide\u00a0: tous les espaces de cette sorte."),
    )
    product = models.ForeignKey(
        "billing.Product", models.PROTECT, related_name="tariffs", verbose_name=_("article")
    )
    audience = models.CharField(_("pour"), max_length=8, choices=Audience)
    half_day = _price(_("la demi-journée"))
    day = _price(_("la journée"))
    hour = _price(_("l’heure"))
    day_cap = _price(_("plafond à la journée"))
    valid_from = models.DateField(_("à partir du"))
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("tarif")
        verbose_name_plural = _("tarifs")
        ordering = ["site", "kind", "audience", "-valid_from"]
        db_table_comment = "The dated price of using a kind of space, or one space"
        constraints = [
            models.CheckConstraint(
                condition=_not_negative("half_day")
                & _not_negative("day")
                & _not_negative("hour")
                & _not_negative("day_cap"),
                name="tariff_is_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(half_day=None, day=None, hour=None), name="tariff_says_a_price"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="tariff_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["member", "outside"]), name="tariff_audience_is_known"
            ),
            models.UniqueConstraint(
                fields=["site", "kind", "space", "audience", "valid_from"],
                nulls_distinct=False,
                name="tariff_begins_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space or self.get_kind_display()}, {self.get_audience_display()}"
