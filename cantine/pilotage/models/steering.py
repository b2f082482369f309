"""What was promised to funders and partners, and when their committees meet."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cantine.pilotage.models.fields import of_site


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Which commitments wait."""

    def open(self) -> Self:
        """Those not kept yet."""
        return self.filter(done_at=None)

    def due_between(self, first: date, last: date) -> Self:
        """Those not kept, due within these days."""
        return self.open().filter(due_on__range=(first, last))


class Commitment(models.Model):
    """Something to do for somebody by a day: a report, a file, a figure to hand in."""

    site = of_site("commitments")
    to_whom = models.CharField(_("envers qui"), max_length=120)
    what = models.CharField(_("quoi"), max_length=200)
    due_on = models.DateField(_("échéance"))
    note = models.TextField(_("note"), blank=True)
    done_at = models.DateTimeField(_("tenu le"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("tenu par"),
    )

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        db_table_comment = "Something promised to a funder or a partner, by a day"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="commitment_kept_names_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.what


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Which meetings come."""

    def due_between(self, first: date, last: date) -> Self:
        """Those held within these days."""
        return self.filter(held_on__range=(first, last))


class Meeting(models.Model):
    """A meeting of a steering committee: the French Tech's, or a funder's."""

    site = of_site("meetings")
    committee = models.CharField(_("comité"), max_length=120)
    held_on = models.DateField(_("date"))
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("réunion")
        verbose_name_plural = _("réunions")
        ordering: ClassVar[list[str]] = ["held_on", "pk"]
        db_table_comment = "A meeting of a steering committee"

    def __str__(self) -> str:
        return self.committee
