"""What who asked to rent would like otherwise, as they wrote it on their private page."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.rental import RentalLayout
from bookings.models.rental_request import RentalRequest


class RentalChange(models.Model):
    """What is to be otherwise, and no more; the manager answers, nothing changes by itself."""

    request = models.ForeignKey(
        RentalRequest, models.CASCADE, related_name="changes", verbose_name=_("demande de location")
    )
    day = models.DateField(_("date"), null=True, blank=True)
    starts = models.TimeField(_("de"), null=True, blank=True)
    ends = models.TimeField(_("à"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("personnes"), null=True, blank=True)
    layout = models.CharField(_("disposition"), max_length=9, choices=RentalLayout.Kind, blank=True)
    words = models.TextField(_("message"), blank=True)
    at = models.DateTimeField(_("demandé le"))

    class Meta:
        verbose_name = _("changement demandé")
        verbose_name_plural = _("changements demandés")
        ordering: ClassVar[list[str]] = ["request", "pk"]
        db_table_comment = "What who asked to rent would like otherwise, as they wrote it"
        constraints = [
            models.CheckConstraint(
                condition=Q(layout__in=["", *RentalLayout.Kind.values]), name="rental_change_layout_is_known"
            ),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None) | Q(starts__isnull=False, ends__isnull=False),
                name="rental_change_says_both_hours",
            ),
        ]

    def __str__(self) -> str:
        return str(self.request)
