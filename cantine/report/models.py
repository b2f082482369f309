"""Private, expiring links to the report."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.keys import new_key


class ReportLinkQuerySet(models.QuerySet["ReportLink"]):
    """Which links open something."""

    def standing(self, now: datetime) -> Self:
        """Those neither over nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=now)


class ReportLink(models.Model):
    """A private, expiring link to the report, for a funder; without a site it tells of all of them."""

    label = models.CharField(_("pour qui"), max_length=120)
    key = models.CharField(_("clé"), max_length=64, unique=True, default=new_key)
    site = models.ForeignKey(
        "bookings.Site",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="report_links",
        verbose_name=_("site"),
    )
    created_at = models.DateTimeField(_("fait le"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("fait par")
    )
    expires_at = models.DateTimeField(_("ouvert jusqu’au"))
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)
    last_opened_at = models.DateTimeField(_("ouvert la dernière fois le"), null=True, blank=True)
    times_opened = models.PositiveIntegerField(_("ouvertures"), default=0)

    objects = ReportLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("lien vers le rapport")
        verbose_name_plural = _("liens vers le rapport")
        ordering = ["-created_at", "-pk"]
        db_table_comment = "A private, expiring link to the report, for a funder"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="report_link_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.label
