"""What who asked to rent would like otherwise, as they wrote it on their private page."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.rental import RentalLayout
from bookings.models.rental_request import RentalRequest

ANSWERED_ANEW = """
OLD.outcome <> '' AND (
  NEW.outcome IS DISTINCT FROM OLD.outcome OR NEW.answered_at IS DISTINCT FROM OLD.answered_at
  OR NEW.answered_by_id IS DISTINCT FROM OLD.answered_by_id
  OR (NEW.answer IS DISTINCT FROM OLD.answer AND NEW.answer <> '')
)
"""
"""An answer that would be edited; its words may only be forgotten."""


class RentalChangeQuerySet(models.QuerySet["RentalChange"]):
    """Which ones wait."""

    def unanswered(self) -> "RentalChangeQuerySet":
        """What waits for an answer: one at most for a request."""
        return self.filter(answered_at=None)

    def standing(self) -> "RentalChangeQuerySet":
        """What was not replaced by another before it was answered."""
        return self.exclude(outcome=RentalChange.Outcome.REPLACED)


class RentalChange(models.Model):
    """What is to be otherwise, and no more; the manager answers, nothing changes by itself."""

    class Outcome(models.TextChoices):
        """What came of it."""

        DONE = "done", _("accepté")
        REFUSED = "refused", _("refusé")
        REPLACED = "replaced", _("remplacé")

    request = models.ForeignKey(
        RentalRequest, models.CASCADE, related_name="changes", verbose_name=_("demande de location")
    )
    day = models.DateField(_("date"), null=True, blank=True)
    starts = models.TimeField(_("de"), null=True, blank=True)
    ends = models.TimeField(_("à"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("personnes"), null=True, blank=True)
    layout = models.CharField(  # noqa: DJ001 - None: it stays as it is; empty: to be seen together
        _("disposition"), max_length=9, choices=RentalLayout.Kind, blank=True, null=True
    )
    words = models.TextField(_("message"), blank=True)
    at = models.DateTimeField(_("demandé le"))
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    outcome = models.CharField(_("suite donnée"), max_length=8, choices=Outcome, blank=True)
    answer = models.TextField(_("réponse"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("répondu par"),
    )

    objects = RentalChangeQuerySet.as_manager()

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
            models.UniqueConstraint(
                fields=["request"], condition=Q(answered_at=None), name="rental_change_waits_alone"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, outcome="", answer="")
                | Q(answered_at__isnull=False, outcome__in=["done", "refused", "replaced"]),
                name="rental_change_is_answered_with_an_outcome",
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(
                name="answer_stays", operation=pgtrigger.Update, condition=pgtrigger.Condition(ANSWERED_ANEW)
            )
        ]

    def __str__(self) -> str:
        return str(self.request)
