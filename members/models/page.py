"""Legal pages, dated and versioned."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PageQuerySet(models.QuerySet["Page"]):
    """Reads pages by day."""

    def on(self, day: date) -> Self:
        """Those in force on `day` or before it, the newest first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from", "-version")


class Page(models.Model):
    """One version of one legal page in one language; a change is a new version."""

    class Language(models.TextChoices):
        FRENCH = "fr", _("français")
        ENGLISH = "en", _("anglais")

    slug = models.SlugField(_("adresse"), max_length=60)
    language = models.CharField(_("langue"), max_length=2, choices=Language)
    version = models.PositiveIntegerField(_("version"), default=1)
    title = models.CharField(_("titre"), max_length=120)
    body = models.TextField(_("texte"), help_text=_("En Markdown."))
    valid_from = models.DateField(_("en vigueur le"))
    created_at = models.DateTimeField(_("enregistrée le"), default=timezone.now)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering: ClassVar[list[str]] = ["slug", "language", "-version"]
        db_table_comment = "One version of one legal page in one language"
        constraints = [
            models.UniqueConstraint(fields=["slug", "language", "version"], name="page_version_is_one"),
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="page_language_is_ours"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language}, v{self.version})"
