"""The agreement of a grant, and what is measured under it."""

from datetime import date
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cantine.pilotage.models.fields import first_days, month, of_site


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Which agreements run."""

    def running_in(self, first_of_month: date) -> Self:
        """Those whose months include this one, the latest first."""
        return self.filter(first_month__lte=first_of_month, last_month__gte=first_of_month).order_by(
            "-first_month", "pk"
        )


class Agreement(models.Model):
    """What a funder grants, from one month to another, both included."""

    site = of_site("agreements")
    funder = models.CharField(_("financeur"), max_length=120)
    first_month = month(_("premier mois"))
    last_month = month(_("dernier mois"))
    amount = models.DecimalField(
        _("montant accordé"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    note = models.TextField(_("note"), blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering: ClassVar[list[str]] = ["-first_month", "pk"]
        db_table_comment = "The agreement of a grant: funder, months, amount"
        constraints = [
            first_days("agreement_is_of_months", "first_month", "last_month"),
            models.CheckConstraint(
                condition=Q(last_month__gte=F("first_month")),
                name="agreement_ends_after_it_begins",
                violation_error_message=_("Le dernier mois est avant le premier."),
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="agreement_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.funder


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Which indicators wait."""

    def due_between(self, first: date, last: date) -> Self:
        """Those to be reached within these days."""
        return self.filter(due_on__range=(first, last))


class Indicator(models.Model):
    """What the agreement asks to reach by a day: one of our figures, or one that is typed by hand."""

    class Figure(models.TextChoices):
        BY_HAND = "", _("saisi à la main")
        COVERAGE = "coverage", _("recettes propres sur coûts, 12\u00a0mois, en\u00a0%")
        INCOME = "income", _("recettes propres, 12\u00a0mois, en euros")
        EVENTS = "events", _("événements, 12\u00a0mois")

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="indicators", verbose_name=_("convention")
    )
    name = models.CharField(_("indicateur"), max_length=160)
    figure = models.CharField(
        _("mesuré par"), max_length=12, choices=Figure, default=Figure.BY_HAND, blank=True
    )
    target = models.DecimalField(_("à atteindre"), max_digits=12, decimal_places=2)
    due_on = models.DateField(_("échéance"))
    reached = models.DecimalField(
        _("atteint, à la main"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        db_table_comment = "What an agreement asks to reach by a day"
        constraints = [
            models.CheckConstraint(
                condition=Q(figure__in=["", "coverage", "income", "events"]),
                name="indicator_figure_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
