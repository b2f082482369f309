"""What the place costs and is granted, a line a month."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models import Site
from cantine.pilotage.models.fields import first_days, month


class BudgetLineQuerySet(models.QuerySet["BudgetLine"]):
    """Which lines count for which sites."""

    def of(self, sites: Sequence[Site]) -> Self:
        """Those of these sites, and those of a seller all of whose sites are among them."""
        chosen = [site.pk for site in sites]
        elsewhere = Site.objects.exclude(pk__in=chosen).values("seller")
        whole = Site.objects.filter(pk__in=chosen).exclude(seller__in=elsewhere).values("seller")
        return self.filter(Q(site__in=chosen) | Q(seller__in=whole))

    def between(self, first: date, last: date) -> Self:
        """Those of the months from `first` to `last`, both included."""
        return self.filter(month__range=(first, last))


class BudgetLine(models.Model):
    """What a site, or the seller for all of its sites, spends or is granted in a month, in euros."""

    class Kind(models.TextChoices):
        COST = "cost", _("coût de fonctionnement")
        GRANT = "grant", _("subvention")

    site = models.ForeignKey(
        "bookings.Site",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="budget_lines",
        verbose_name=_("site"),
        help_text=_("Un site, ou un vendeur pour tous ses sites\u00a0: l’un des deux."),
    )
    seller = models.ForeignKey(
        "billing.Seller",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="budget_lines",
        verbose_name=_("vendeur"),
    )
    kind = models.CharField(_("nature"), max_length=5, choices=Kind, default=Kind.COST)
    label = models.CharField(_("libellé"), max_length=120)
    source = models.CharField(_("fournisseur ou financeur"), max_length=120, blank=True)
    month = month(_("mois"))
    amount = models.DecimalField(
        _("montant"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne de budget")
        verbose_name_plural = _("lignes de budget")
        ordering: ClassVar[list[str]] = ["-month", "kind", "label", "pk"]
        db_table_comment = "What a site or a seller spends or is granted in a month"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["cost", "grant"]), name="budget_line_kind_is_known"),
            models.CheckConstraint(
                condition=Q(site=None, seller__isnull=False) | Q(site__isnull=False, seller=None),
                name="budget_line_is_of_a_site_or_a_seller",
                violation_error_message=_("Choisissez un site, ou un vendeur."),
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_is_not_negative"),
            first_days("budget_line_is_of_a_month", "month"),
            models.UniqueConstraint(
                fields=["month", "kind", "site", "seller", "label", "source"],
                nulls_distinct=False,
                name="budget_line_is_said_once_a_month",
                violation_error_message=_("Cette ligne est déjà saisie pour ce mois."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.month:%m/%Y}"
