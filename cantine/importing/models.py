"""A table taken over: what it held, how far it got, and what was wrong with it."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ImportQuerySet(models.QuerySet["Import"]):
    """Reads imports."""

    def unfinished(self) -> Self:
        """Those confirmed and not through yet, the oldest first."""
        return self.filter(state=Import.State.RUNNING).order_by("pk")


class Import(models.Model):
    """One table of people, memberships, bookings or budget lines; its text is dropped with its end."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("personnes")
        MEMBERSHIPS = "memberships", _("adhésions")
        BOOKINGS = "bookings", _("réservations à venir")
        BUDGET = "budget", _("lignes de budget")
        ECOSYSTEM = "ecosystem", _("organisations de l’écosystème")

    class State(models.TextChoices):
        READ = "read", _("à confirmer")
        RUNNING = "running", _("en cours")
        DONE = "done", _("terminée")
        DROPPED = "dropped", _("abandonnée")

    kind = models.CharField(_("sorte"), max_length=12, choices=Kind)
    site = models.ForeignKey(
        "bookings.Site",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
    )
    file_name = models.CharField(_("fichier"), max_length=120)
    text = models.TextField(_("texte"), blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.READ)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("demandée par")
    )
    created_at = models.DateTimeField(_("lue le"))
    finished_at = models.DateTimeField(_("terminée le"), null=True, blank=True)
    leased_until = models.DateTimeField(_("tenue jusqu’à"), null=True, blank=True)
    total = models.PositiveIntegerField(_("lignes"), default=0)
    position = models.PositiveIntegerField(_("lignes traitées"), default=0)
    added = models.PositiveIntegerField(_("ajoutées"), default=0)
    changed = models.PositiveIntegerField(_("complétées"), default=0)
    same = models.PositiveIntegerField(_("déjà là"), default=0)
    wrong = models.PositiveIntegerField(_("à corriger"), default=0)
    problems = models.JSONField(_("ce qui ne va pas"), default=list, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("reprise")
        verbose_name_plural = _("reprises")
        ordering: ClassVar[list[str]] = ["-pk"]
        db_table_comment = "A table taken over from another tool, and how far it got"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["people", "memberships", "bookings", "budget", "ecosystem"]),
                name="import_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["read", "running", "done", "dropped"]), name="import_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="bookings") | Q(site__isnull=False), name="import_of_bookings_has_a_site"
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="import_moves_along_its_arrows",
                field="state",
                transitions=[("read", "running"), ("read", "dropped"), ("running", "done")],
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.file_name}"
