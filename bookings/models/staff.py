"""Who manages which site."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from bookings.models.site import Site


class StaffSiteQuerySet(models.QuerySet["StaffSite"]):
    """Who manages what, now."""

    def current(self) -> Self:
        """Those that stand."""
        return self.filter(ended_at=None)

    def of(self, site: "Site") -> Self:
        """Those that stand for this site: its own, and those for all of them."""
        return self.current().filter(Q(site=site) | Q(site=None))


class StaffSite(models.Model):
    """A site that someone manages; a row without a site means all of them, those to come too."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_sites", verbose_name=_("personne")
    )
    site = models.ForeignKey(
        "bookings.Site",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="staff",
        verbose_name=_("site"),
        help_text=_("Vide\u00a0: tous les sites, y compris ceux à venir."),
    )
    since = models.DateTimeField(_("depuis le"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("donné par"),
    )
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    objects = StaffSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site géré")
        verbose_name_plural = _("sites gérés")
        db_table_comment = "A site that someone manages, or has managed; without a site, all of them"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "site"],
                condition=Q(ended_at=None),
                nulls_distinct=False,
                name="site_is_managed_once_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.site or _('tous les sites')}"
