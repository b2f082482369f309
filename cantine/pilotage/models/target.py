"""The way to go: from one share of the running costs to another."""

from collections.abc import Sequence
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models import Site
from cantine.pilotage.models.fields import first_days, month, of_site, percent


class TargetQuerySet(models.QuerySet["Target"]):
    """Which target counts for which sites."""

    def of(self, sites: Sequence[Site], *, everything: bool) -> Self:
        """The one of a site when it is alone, that of the whole house when all are there."""
        wanted = Q(site=sites[0]) if len(sites) == 1 else Q(pk__in=[])
        if everything:
            wanted |= Q(site=None)
        return self.filter(wanted).order_by(F("site").asc(nulls_last=True), "-due_month", "pk")


class Target(models.Model):
    """What own income is to be, in hundredths of running costs: at the start, and in the month it is due."""

    site = of_site("targets")
    start_month = month(_("mois de départ"))
    start_percent = percent(_("part au départ, en\u00a0%"), default=0)
    due_month = month(_("mois de l’objectif"))
    percent = percent(_("objectif, en\u00a0%"), default=100)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("objectif")
        verbose_name_plural = _("objectifs")
        ordering: ClassVar[list[str]] = ["-due_month", "pk"]
        db_table_comment = "The share of running costs that own income is to reach by a month"
        constraints = [
            first_days("target_is_of_months", "start_month", "due_month"),
            models.CheckConstraint(
                condition=Q(due_month__gt=F("start_month")),
                name="target_is_due_after_its_start",
                violation_error_message=_("Le mois de l’objectif est avant celui du départ."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent}\u00a0%, {self.due_month:%m/%Y}"
