"""What the manager writes about a report before it is issued: nothing of it is lost meanwhile."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cantine.report.frozen import VERSIONED, FrozenReport

GENERAL = "general"


class ReportDraft(models.Model):
    """The commentary of a report that is not issued yet: one text for the whole, one a section."""

    kind = models.CharField(_("sorte"), max_length=12, choices=FrozenReport.Kind)
    site = models.ForeignKey(
        "bookings.Site",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_drafts",
        verbose_name=_("site"),
    )
    first = models.DateField(_("du"))
    words = models.JSONField(_("commentaires"), default=dict)
    kept_at = models.DateTimeField(_("gardé le"))
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("gardé par")
    )

    class Meta:
        verbose_name = _("brouillon de rapport")
        verbose_name_plural = _("brouillons de rapports")
        ordering: ClassVar[list[str]] = ["-kept_at", "-pk"]
        db_table_comment = "What is written about a report before it is issued"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=VERSIONED), name="report_draft_kind_is_known"),
            models.UniqueConstraint(
                fields=["kind", "site", "first"], nulls_distinct=False, name="report_has_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first:%Y-%m-%d}"
