"""Messages: one e-mail owed to one address, recorded before it is sent (design §8)."""

from datetime import datetime
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads messages in the outbox's words."""

    def owed(self) -> Self:
        """Those that have not gone out yet."""
        return self.filter(state=Message.State.OWED)

    def due_at(self, now: datetime) -> Self:
        """Those to send at `now`, the longest due first."""
        return self.owed().filter(next_try_at__lte=now).order_by("next_try_at", "id")

    def failed(self) -> Self:
        """Those given up; someone may ask for another try."""
        return self.filter(state=Message.State.FAILED)


class Message(models.Model):
    """An e-mail owed to `to`; its text is rendered when it is sent, from `template` and `ids`."""

    class State(models.TextChoices):
        OWED = "owed", _("à envoyer")
        SENT = "sent", _("envoyé")
        DROPPED = "dropped", _("sans objet")
        FAILED = "failed", _("échoué")

    OWED, SENT, DROPPED, FAILED = State.OWED, State.SENT, State.DROPPED, State.FAILED

    key = models.CharField(_("clé"), max_length=200)
    to = models.EmailField(_("destinataire"), max_length=254)
    language = models.CharField(_("langue"), max_length=2)
    template = models.CharField(_("modèle"), max_length=100)
    ids = models.JSONField(_("de quoi il parle"), default=dict, blank=True)
    attachments = models.JSONField(_("pièces jointes"), default=list, blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State, default=State.OWED)
    created_at = models.DateTimeField(_("dû depuis"), default=timezone.now)
    due_at = models.DateTimeField(_("à envoyer le"), default=timezone.now)
    next_try_at = models.DateTimeField(_("prochain essai"), default=timezone.now)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, blank=True)
    subject = models.CharField(_("objet"), max_length=250, blank=True)
    last_error = models.TextField(_("dernière erreur"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar[list[str]] = ["-id"]
        db_table_comment = "One e-mail owed to one address, recorded before it is sent"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="message_is_owed_once"),
            models.CheckConstraint(
                condition=Q(state__in=["owed", "sent", "dropped", "failed"]), name="message_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="message_sent_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(state="owed"), name="message_due"),
            models.Index(F("to"), F("id").desc(), name="message_of_address"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="message_moves_along_its_arrows",
                field="state",
                transitions=[("owed", "sent"), ("owed", "dropped"), ("owed", "failed"), ("failed", "owed")],
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.to}"
