"""How a rental that was won ends: by its balance, or cancelled by the scale."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models import Order
from billing.models.triggers import append_only
from billing.money import ZERO
from bookings.cancellation_scale import Bill, Cost
from bookings.models.rental_quote import RentalQuote

if TYPE_CHECKING:
    from bookings.models.site import Site


class RentalBalance(models.Model):
    """The balance of a rental, made once: its order, whose document is the final invoice."""

    rental = models.OneToOneField(
        RentalQuote, models.PROTECT, related_name="balance", verbose_name=_("devis de location")
    )
    order = models.OneToOneField(
        Order, models.PROTECT, related_name="rental_balance", verbose_name=_("commande du solde")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("établi par")
    )
    made_at = models.DateTimeField(_("établi le"))

    class Meta:
        verbose_name = _("solde de location")
        verbose_name_plural = _("soldes de location")
        ordering: ClassVar[list[str]] = ["-made_at", "-pk"]
        db_table_comment = "The balance of a rental: the order whose document is the final invoice"
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.rental)


class ScaleStepQuerySet(models.QuerySet["ScaleStep"]):
    """Which steps count."""

    def scale_on(self, site: "Site", day: date) -> list[list[int]]:
        """The scale of a site on a day: pairs of days before and percent kept, the most days first."""
        dated = Q(valid_to=None) | Q(valid_to__gte=day)
        rows = self.filter(dated, site=site, valid_from__lte=day).order_by("days_before", "-valid_from")
        found: dict[int, int] = {}
        for row in rows:
            found.setdefault(row.days_before, row.percent_kept)
        return [[before, found[before]] for before in sorted(found, reverse=True)]


class ScaleStep(models.Model):
    """A step of a site's scale: cancelled so many days before or earlier, this much is kept."""

    site = models.ForeignKey(
        "bookings.Site", models.CASCADE, related_name="rental_scale", verbose_name=_("site")
    )
    days_before = models.PositiveSmallIntegerField(
        _("jours avant"), help_text=_("Annulée ce nombre de jours avant la location, ou plus tôt.")
    )
    percent_kept = models.PositiveSmallIntegerField(_("gardé, en %"), validators=[MaxValueValidator(100)])
    valid_from = models.DateField(_("à partir du"))
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = ScaleStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("palier d’annulation")
        verbose_name_plural = _("paliers d’annulation")
        ordering: ClassVar[list[str]] = ["site", "-days_before", "-valid_from"]
        db_table_comment = "A dated step of the scale by which rentals are cancelled"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "days_before", "valid_from"], name="scale_step_begins_once_a_day"
            ),
            models.CheckConstraint(condition=Q(percent_kept__lte=100), name="scale_step_keeps_a_share"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="scale_step_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.days_before}\u00a0j, {self.percent_kept}\u00a0%"


class RentalCancellation(models.Model):
    """A rental that was won and cancelled: by whom (nobody of the house: who asked), and what it came to."""

    rental = models.OneToOneField(
        RentalQuote, models.PROTECT, related_name="cancellation", verbose_name=_("devis de location")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("annulée par")
    )
    at = models.DateTimeField(_("annulée le"))
    percent = models.PositiveSmallIntegerField(_("gardé, en %"))
    kept = models.DecimalField(_("gardé selon le barème"), max_digits=12, decimal_places=2)
    paid = models.DecimalField(_("reçu"), max_digits=12, decimal_places=2)
    invoiced = models.DecimalField(
        _("facturé, à garder au plus"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    owed = models.DecimalField(_("resté dû"), max_digits=12, decimal_places=2, null=True, blank=True)
    by_house = models.BooleanField(_("du fait du lieu"), default=False)
    reason = models.TextField(_("motif"), blank=True)
    # Both sums are empty on what was cancelled before they were written down: it was paid as it was invoiced.

    class Meta:
        verbose_name = _("annulation de location")
        verbose_name_plural = _("annulations de location")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        db_table_comment = "A rental that was won and cancelled, and what that came to"
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__lte=100, kept__gte=0, paid__gte=0), name="cancellation_keeps_a_share"
            ),
            models.CheckConstraint(
                condition=Q(invoiced=None, owed=None) | Q(invoiced__gte=0, owed__gte=0),
                name="cancellation_says_what_was_invoiced",
            ),
            models.CheckConstraint(
                condition=Q(by_house=False) | Q(percent=0, kept=0) & ~Q(reason=""),
                name="cancelled_by_the_house_keeps_nothing_and_says_why",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.rental)

    @property
    def cost(self) -> Cost:
        """What it came to."""
        invoiced = self.paid if self.invoiced is None else self.invoiced
        return Cost(self.percent, self.kept, Bill(self.paid, invoiced, self.owed or ZERO))
