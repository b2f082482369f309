"""The log of lists of people that the staff opened or took away."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StaffListRead(models.Model):
    """Someone of the staff opened a list of people, or took it away as a file; never changed, kept one year.

    One row for the whole list: who was on it is not kept, and of what was searched for only that it was.
    """

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="lists_read", verbose_name=_("qui a lu")
    )
    page = models.CharField(_("liste"), max_length=200)
    filters = models.CharField(_("filtres"), max_length=200, blank=True)
    people = models.PositiveIntegerField(_("lignes"))
    is_file = models.BooleanField(_("emportée en fichier"))
    at = models.DateTimeField(_("lu le"))

    class Meta:
        verbose_name = _("lecture d’une liste")
        verbose_name_plural = _("lectures de listes")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        db_table_comment = "Someone of the staff opened a list of people, or took it away"
        constraints = [
            models.CheckConstraint(condition=~Q(page=""), name="list_read_says_which_list"),
        ]
        indexes = [
            models.Index(fields=["reader", "-at"], name="list_read_by_reader"),
            models.Index(fields=["at"], name="list_read_by_age"),
        ]
        triggers = [
            pgtrigger.Protect(name="list_read_never_changes", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="list_read_is_kept_a_year",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.at > now() - INTERVAL '365 days'"),
            ),
            pgtrigger.Trigger(
                name="list_reads_are_not_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'members: % is append-only and is never emptied', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} → {self.page} · {self.at:%Y-%m-%d}"
