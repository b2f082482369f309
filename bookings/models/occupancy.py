"""The one table that says what is taken."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OccupancyQuerySet(models.QuerySet["Occupancy"]):
    """What is taken."""

    def overlapping(self, during: object) -> "OccupancyQuerySet":
        """Rows that share an instant with the range `during`."""
        return self.filter(during__overlap=during)


class Occupancy(models.Model):
    """One atom taken for one time range, by one booking that is held or confirmed.

    Written by `services.occupying` only: plain inserts under an exclusion constraint deadlock.
    """

    booking = models.ForeignKey(
        "bookings.Booking", models.CASCADE, related_name="occupancies", verbose_name=_("réservation")
    )
    # No index of its own: the constraint's serves every reading, and a write pays for each index.
    atom = models.ForeignKey(
        "bookings.Space", models.PROTECT, related_name="occupancies", db_index=False, verbose_name=_("espace")
    )
    during = DateTimeRangeField(_("période"))

    objects = OccupancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupation")
        verbose_name_plural = _("occupations")
        db_table_comment = "One atom taken for one time range, by one booking"
        constraints = [
            ExclusionConstraint(
                name="atom_is_taken_once",
                expressions=[("during", RangeOperators.OVERLAPS), ("atom", RangeOperators.EQUAL)],
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="occupancy_is_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.atom_id} {self.during}"
