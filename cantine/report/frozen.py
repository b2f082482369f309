"""Reports as they were issued: their figures and words, and the PDF made once from them."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.models.file import private_storage
from billing.models.triggers import append_only
from bookings.models import Site
from members.formats import date_long, known

VERSIONED = ("quarter", "year")
"""Kinds of which a later one names the one it replaces."""


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    """Reads what was issued."""

    def without_file(self) -> "FrozenReportQuerySet":
        """Those whose PDF is still to be made, the oldest first."""
        return self.filter(made=None).order_by("pk")

    def versioned(self) -> "FrozenReportQuerySet":
        """Reports by quarter and by year."""
        return self.filter(kind__in=VERSIONED)

    def of_period(self, kind: str, site: Site | None, first: date) -> "FrozenReportQuerySet":
        """Every version of one report, the latest first."""
        return self.filter(kind=kind, site=site, first=first).order_by("-version")

    def for_funder(self, site: Site | None) -> "FrozenReportQuerySet":
        """What a private link opens: reports by quarter and by year about its site; of all, without one."""
        rows = self.versioned().select_related("site", "made", "replaced_by")
        return rows.filter(site=site) if site else rows


class FrozenReport(models.Model):
    """A report as it was issued: whatever changes afterwards, these are its figures (told.py)."""

    class Kind(models.TextChoices):
        FRENCH_TECH = "french_tech", _("dossier French Tech")
        QUARTER = "quarter", _("rapport trimestriel")
        YEAR = "year", _("rapport annuel")

    kind = models.CharField(_("sorte"), max_length=12, choices=Kind)
    site = models.ForeignKey(
        "bookings.Site",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="frozen_reports",
        verbose_name=_("site"),
    )
    first = models.DateField(_("du"))
    last = models.DateField(_("au"))
    language = models.CharField(_("langue"), max_length=2, default="fr")
    commentary = models.TextField(_("commentaire"), blank=True)
    data = models.JSONField(_("contenu"))
    sha256 = models.CharField(_("empreinte du contenu"), max_length=64)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("remplace"),
    )
    issued_at = models.DateTimeField(_("émis le"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("émis par")
    )

    objects = FrozenReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("rapport émis")
        verbose_name_plural = _("rapports émis")
        ordering: ClassVar[list[str]] = ["-issued_at", "-pk"]
        db_table_comment = "A report as it was issued, never changed; without a site it tells of all of them"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["french_tech", "quarter", "year"]), name="report_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="report_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(version=1, replaces=None) | Q(version__gt=1, replaces__isnull=False),
                name="later_version_of_a_report_names_the_one_before",
            ),
            models.UniqueConstraint(
                fields=["kind", "site", "first", "version"],
                condition=Q(kind__in=VERSIONED),
                nulls_distinct=False,
                name="version_of_a_report_is_issued_once",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first:%Y-%m-%d} – {self.last:%Y-%m-%d}"

    @property
    def title(self) -> str:
        """« Rapport trimestriel, 1 juillet 2026 – 30 septembre 2026 »."""
        language = known(get_language())
        days = f"{date_long(self.first, language)}\u00a0– {date_long(self.last, language)}"
        return f"{capfirst(self.get_kind_display())}, {days}"

    @property
    def file_name(self) -> str:
        """What its files are called, without their ending, in French as they are filed: each has its own."""
        if self.kind not in VERSIONED:
            return f"dossier-french-tech-{self.first:%Y}-{self.pk}"
        quarter = f"-T{(self.first.month + 2) // 3}" if self.kind == self.Kind.QUARTER else ""
        place = self.site.code if self.site else "tous-les-sites"
        return f"rapport-{self.first:%Y}{quarter}-{place}-v{self.version}"


class FrozenReportFile(models.Model):
    """The PDF of a report, made once, never again."""

    report = models.OneToOneField(FrozenReport, models.PROTECT, related_name="made")
    file = models.FileField(storage=private_storage, upload_to="reports/")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("fichier d’un rapport")
        verbose_name_plural = _("fichiers des rapports")
        db_table_comment = "The PDF of a report, made once, with its SHA-256"
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.report)
