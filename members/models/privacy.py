"""What people may ask about their data: a copy of it, the end of their account, and who read it."""

from datetime import datetime
from hashlib import sha256
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.keys import new_key
from members.models.user import User


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    """Reads requests by how far they are."""

    def to_make(self, now: datetime) -> Self:
        """Those whose file is to be made, and that no worker has in hand."""
        return self.filter(state=DataRequest.State.ASKED, next_try_at__lte=now).order_by("asked_at", "pk")

    def ready(self, now: datetime) -> Self:
        """Those whose file may be fetched."""
        return self.filter(state=DataRequest.State.READY, expires_at__gt=now)

    def over(self, now: datetime) -> Self:
        """Those whose file has had its time."""
        return self.filter(state=DataRequest.State.READY, expires_at__lte=now).order_by("pk")


class DataRequest(models.Model):
    """Someone asked for a copy of all their data; `key`: of the private link, which needs signing in too."""

    class State(models.TextChoices):
        ASKED = "asked", _("demandée")
        READY = "ready", _("prête")
        GONE = "gone", _("effacée")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_requests", verbose_name=_("personne")
    )
    key = models.CharField(_("clé du lien privé"), max_length=40, unique=True, default=new_key)
    state = models.CharField(_("état"), max_length=5, choices=State, default=State.ASKED)
    asked_on = models.DateField(_("jour de la demande"))
    asked_at = models.DateTimeField(_("demandée le"))
    next_try_at = models.DateTimeField(_("prochain essai"))
    made_at = models.DateTimeField(_("prête le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("à prendre avant le"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("octets"), default=0)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de données")
        verbose_name_plural = _("demandes de données")
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        db_table_comment = "Someone asked for a copy of all their data"
        constraints = [
            models.UniqueConstraint(fields=["user", "asked_on"], name="data_are_asked_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "ready", "gone"]), name="data_request_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(made_at__isnull=False, expires_at__isnull=False),
                name="data_that_are_ready_have_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="asked"), name="data_request_waits"),
            models.Index(fields=["expires_at"], condition=Q(state="ready"), name="data_request_ends"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="data_request_moves_along_its_arrows",
                field="state",
                transitions=[("asked", "ready"), ("asked", "gone"), ("ready", "gone")],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.asked_on}"

    @property
    def path(self) -> str:
        """Where its file lies: always the same, so that one left by a killed worker is found and deleted."""
        return f"exports/{sha256(self.key.encode()).hexdigest()[:40]}.zip"


class ClosingQuerySet(models.QuerySet["Closing"]):
    """Reads the ends of accounts."""

    def standing(self) -> Self:
        """Those that are still to come: neither taken back nor carried out."""
        return self.filter(taken_back_at=None, erased_at=None)

    def due(self, now: datetime) -> Self:
        """Those whose waiting time is over."""
        return self.standing().filter(due_at__lte=now).order_by("due_at", "pk")

    def to_take_back(self, now: datetime) -> Self:
        """Those that whoever has their link may still take back."""
        return self.standing().filter(due_at__gt=now)


class Closing(models.Model):
    """An account comes to its end at `due_at`, unless it is taken back before."""

    class Why(models.TextChoices):
        ASKED = "asked", _("demandée par la personne")
        UNUSED = "unused", _("compte inutilisé")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="closings", verbose_name=_("personne")
    )
    why = models.CharField(_("raison"), max_length=6, choices=Why, default=Why.ASKED)
    key = models.CharField(_("clé du lien privé"), max_length=40, unique=True, default=new_key)
    asked_at = models.DateTimeField(_("demandée le"))
    due_at = models.DateTimeField(_("effacement prévu le"))
    taken_back_at = models.DateTimeField(_("reprise le"), null=True, blank=True)
    erased_at = models.DateTimeField(_("effacé le"), null=True, blank=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("fermeture de compte")
        verbose_name_plural = _("fermetures de comptes")
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        db_table_comment = "An account comes to its end on a day, unless it is taken back before"
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(taken_back_at=None), name="account_is_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(erased_at=None), name="what_was_erased_is_not_taken_back"
            ),
            models.CheckConstraint(
                condition=Q(why__in=["asked", "unused"]), name="account_is_closed_for_a_known_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(taken_back_at=None, erased_at=None), name="closing_is_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.due_at:%Y-%m-%d}"


class StaffReadQuerySet(models.QuerySet["StaffRead"]):
    """Reads who read what."""

    def about(self, user: User) -> Self:
        """Those of what is kept of `user`, newest first."""
        return self.filter(person=user).order_by("-at")


class StaffRead(models.Model):
    """Someone of the staff opened a page about a person; never changed, kept one year."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("qui a lu")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="staff_reads", verbose_name=_("personne")
    )
    page = models.CharField(_("page"), max_length=200)
    at = models.DateTimeField(_("lu le"))

    objects = StaffReadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lecture par l’équipe")
        verbose_name_plural = _("lectures par l’équipe")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        db_table_comment = "Someone of the staff opened a page about a person"
        indexes = [
            models.Index(fields=["person", "-at"], name="staff_read_of_person"),
            models.Index(fields=["at"], name="staff_read_by_age"),
        ]
        triggers = [
            pgtrigger.Protect(name="staff_read_never_changes", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="staff_read_is_kept_a_year",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.at > now() - INTERVAL '365 days'"),
            ),
            pgtrigger.Trigger(
                name="staff_reads_are_not_emptied",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'members: % is append-only and is never emptied', TG_TABLE_NAME;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} → {self.person_id} · {self.at:%Y-%m-%d}"
