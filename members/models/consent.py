"""What people agreed to: which text, in which version, when."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.page import Page
from members.models.user import User


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Reads what was agreed to."""

    def to(self, page: Page) -> Self:
        """Those given to this version of a text or to a later one, in whatever language it was read."""
        return self.filter(slug=page.slug, version__gte=page.version)


class Consent(models.Model):
    """A person read one version of one text (a legal page, by its slug) and agreed to it."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="consents", verbose_name=_("personne")
    )
    slug = models.SlugField(_("texte"), max_length=60)
    language = models.CharField(_("langue"), max_length=2, choices=Page.Language)
    version = models.PositiveIntegerField(_("version"))
    given_at = models.DateTimeField(_("donné le"), default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accord")
        verbose_name_plural = _("accords")
        db_table_comment = "A person agreed to one version of one text"
        constraints = [
            models.UniqueConstraint(fields=["user", "slug", "version"], name="consent_is_given_once"),
            models.CheckConstraint(condition=Q(language__in=["fr", "en"]), name="consent_language_is_ours"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.slug} v{self.version}"
