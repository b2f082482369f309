"""Seats with their tickets, who came, and what they thought of it."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

ALPHABET = "23456789ABCDEFGHJKMNPQRSTWXYZ"
CODE_LENGTH = 10


def new_code() -> str:
    """Make a ticket's code, which is said aloud and not guessed (48 bits): 7K2M-MPX4-QZ."""
    return "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))


class Seat(models.Model):
    """One seat of a registration, with the name of who sits there and the code of their ticket."""

    registration = models.ForeignKey(
        "events.Registration", models.CASCADE, related_name="places", verbose_name=_("inscription")
    )
    position = models.PositiveSmallIntegerField(_("rang"))
    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    code = models.CharField(_("code du billet"), max_length=12, unique=True, default=new_code)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering: ClassVar[list[str]] = ["registration", "position"]
        db_table_comment = "One seat of a registration, with its ticket"
        constraints = [
            models.UniqueConstraint(fields=["registration", "position"], name="seat_has_a_place_of_its_own"),
        ]

    def __str__(self) -> str:
        return self.name or self.spelt

    @property
    def spelt(self) -> str:
        """The code as it is read aloud: 7K2M-MPX4-QZ."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))


class Attendance(models.Model):
    """Someone came: their seat was checked in, once."""

    seat = models.OneToOneField(Seat, models.CASCADE, related_name="attendance", verbose_name=_("place"))
    at = models.DateTimeField(_("arrivée"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("notée par"),
    )

    class Meta:
        verbose_name = _("présence à un événement")
        verbose_name_plural = _("présences à des événements")
        db_table_comment = "A seat was checked in"

    def __str__(self) -> str:
        return f"{self.seat_id}"


class Feedback(models.Model):
    """What someone thought of an event; it keeps no name."""

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="feedback", verbose_name=_("événement")
    )
    registration = models.OneToOneField(
        "events.Registration",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="feedback",
        verbose_name=_("inscription"),
    )
    rating = models.PositiveSmallIntegerField(_("note"))
    text = models.TextField(_("commentaire"), blank=True)
    at = models.DateTimeField(_("écrit le"))

    class Meta:
        verbose_name = _("avis")
        verbose_name_plural = _("avis")
        ordering: ClassVar[list[str]] = ["-at"]
        db_table_comment = "What someone thought of an event"
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="feedback_is_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating}"
