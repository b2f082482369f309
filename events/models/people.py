"""Who makes an event, and who is heard about it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Organiser(models.Model):
    """Someone who looks after an event beside who wrote it, as long as they are a volunteer."""

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="organisers", verbose_name=_("événement")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="organises", verbose_name=_("personne")
    )

    class Meta:
        verbose_name = _("co-organisateur")
        verbose_name_plural = _("co-organisateurs")
        db_table_comment = "Someone who looks after an event beside who wrote it"
        constraints = [
            models.UniqueConstraint(fields=["event", "user"], name="organiser_is_one_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.event}"


class Speaker(models.Model):
    """Someone who speaks at an event."""

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="speakers", verbose_name=_("événement")
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    name = models.CharField(_("nom"), max_length=120)
    about = models.CharField(_("présentation"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("intervenant")
        verbose_name_plural = _("intervenants")
        ordering: ClassVar[list[str]] = ["event", "position", "pk"]
        db_table_comment = "Someone who speaks at an event"

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """An organisation that helps with an event."""

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="partners", verbose_name=_("événement")
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    name = models.CharField(_("nom"), max_length=120)
    link = models.URLField(_("site web"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering: ClassVar[list[str]] = ["event", "position", "pk"]
        db_table_comment = "An organisation that helps with an event"

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """What a reviewer said of an event, and what came of it."""

    class Outcome(models.TextChoices):
        SENT_BACK = "sent_back", _("à reprendre")
        PUBLISHED = "published", _("publié")

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="reviews", verbose_name=_("événement")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("relu par")
    )
    at = models.DateTimeField(_("relu le"))
    outcome = models.CharField(_("suite"), max_length=9, choices=Outcome)
    comment = models.TextField(_("commentaire"), blank=True)

    class Meta:
        verbose_name = _("relecture")
        verbose_name_plural = _("relectures")
        ordering: ClassVar[list[str]] = ["-at"]
        db_table_comment = "What a reviewer said of an event"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["sent_back", "published"]), name="review_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.get_outcome_display()}"
