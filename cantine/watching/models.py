"""When what runs at night last ran, and how it ended."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Nightly(models.Model):
    """The last run of a backup or an audit. A row, since the cache is culled and is in no archive."""

    class What(models.TextChoices):
        BACKUP = "backup", _("sauvegarde")
        AUDIT = "audit", _("contrôle")

    what = models.CharField(_("quoi"), max_length=6, choices=What, primary_key=True)
    ran_at = models.DateTimeField(_("le"))
    well = models.BooleanField(_("bien terminé"), default=True)

    class Meta:
        verbose_name = _("passage de nuit")
        verbose_name_plural = _("passages de nuit")
        db_table_comment = "When a backup or an audit last ran, and whether it ended well"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(what__in=["backup", "audit"]), name="nightly_run_is_known")
        ]

    def __str__(self) -> str:
        return self.get_what_display()
