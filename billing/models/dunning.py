"""Asking for what is late: dated steps, letters written once each, pauses with a reason and an end."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.customer import Customer
from billing.models.document import Document
from billing.models.triggers import append_only
from billing.placeholders import check_placeholders

FILLED = _("Se remplissent seuls\u00a0: {nom}, {numero}, {montant}, {echeance}, {retard}, {vendeur}.")


class DatedQuerySet(models.QuerySet["DunningStep"]):
    """Reads the steps by date."""

    def in_force(self, day: dt.date) -> list["DunningStep"]:
        """The steps of `day`, first to last: of each place the newest wording."""
        rows = self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
        found = {row.position: row for row in rows.order_by("position", "valid_from")}
        return list(found.values())


class DunningStep(models.Model):
    """One step of dunning: when a document has its letter, and what that says; a change is a new row."""

    position = models.PositiveSmallIntegerField(
        _("rang"), validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    days_after = models.PositiveSmallIntegerField(
        _("jours après l’échéance"), validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    subject_fr = models.CharField(
        _("objet en français"), max_length=150, validators=[check_placeholders], help_text=FILLED
    )
    text_fr = models.TextField(_("texte en français"), validators=[check_placeholders])
    subject_en = models.CharField(_("objet en anglais"), max_length=150, validators=[check_placeholders])
    text_en = models.TextField(_("texte en anglais"), validators=[check_placeholders])
    tells_charges = models.BooleanField(
        _("dit les pénalités"),
        default=False,
        help_text=_("Aux professionnels\u00a0: pénalités et indemnité que la loi permet de demander."),
    )
    valid_from = models.DateField(_("en vigueur depuis"))
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape de relance")
        verbose_name_plural = _("étapes de relance")
        ordering: ClassVar[list[str]] = ["position", "-valid_from"]
        db_table_comment = "A dated step of dunning: when, and in which words"
        constraints = [
            models.UniqueConstraint(
                fields=["position", "valid_from"], name="dunning_step_is_worded_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=3, days_after__gte=1),
                name="dunning_step_is_one_of_three",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="dunning_step_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} · {self.subject_fr}"


class LateRateQuerySet(models.QuerySet["LateRate"]):
    """Reads rates."""

    def up_to(self, day: dt.date) -> "LateRateQuerySet":
        """Those that began by `day`, oldest first."""
        return self.filter(valid_from__lte=day).order_by("valid_from")


class LateRate(models.Model):
    """What being late costs a business, in percent a year, from a day on (code de commerce L441-10)."""

    percent = models.DecimalField(
        _("taux annuel, en %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(99))],
        help_text=_("Le taux de la BCE au début du semestre, plus dix points."),
    )
    valid_from = models.DateField(_("en vigueur depuis"), unique=True)
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = LateRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("taux des pénalités de retard")
        verbose_name_plural = _("taux des pénalités de retard")
        ordering: ClassVar[list[str]] = ["-valid_from"]
        db_table_comment = "The rate of late penalties, in percent a year, from a day on"
        constraints = [
            models.CheckConstraint(condition=Q(percent__gte=0), name="late_rate_is_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="late_rate_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % · {self.valid_from:%Y-%m-%d}"


class DunningLetter(models.Model):
    """A letter owed: one per document and step, whatever the step says since. Its e-mail has its own row."""

    document = models.ForeignKey(
        Document, models.PROTECT, related_name="letters", db_index=False, verbose_name=_("document")
    )
    step = models.ForeignKey(DunningStep, models.PROTECT, related_name="letters", verbose_name=_("étape"))
    position = models.PositiveSmallIntegerField(_("rang"))
    on = models.DateField(_("le"))
    at = models.DateTimeField(_("écrite le"))
    owed = models.DecimalField(_("reste dû"), max_digits=12, decimal_places=2)
    penalties = models.DecimalField(_("pénalités"), max_digits=12, decimal_places=2, default=0)
    indemnity = models.DecimalField(_("indemnité"), max_digits=12, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("relance")
        verbose_name_plural = _("relances")
        ordering: ClassVar[list[str]] = ["document", "position"]
        db_table_comment = "A dunning letter owed: one per document and step"
        constraints = [
            models.UniqueConstraint(fields=["document", "position"], name="document_is_dunned_once_a_step"),
            models.CheckConstraint(condition=Q(owed__gt=0), name="letter_asks_for_something"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.document} · {self.position}"

    @property
    def message_key(self) -> str:
        """The key of its e-mail: the same letter twice is one."""
        return f"dunning:{self.document_id}:{self.position}"


class DunningPauseQuerySet(models.QuerySet["DunningPause"]):
    """Reads pauses."""

    def standing(self, day: dt.date) -> "DunningPauseQuerySet":
        """Those that hold letters back on `day`."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day, lifted_at=None)


class DunningPause(models.Model):
    """No letters meanwhile: about one document or one customer, for a reason, until a day."""

    class Why(models.TextChoices):
        PROMISED = "promised", _("règlement promis")
        DISPUTED = "disputed", _("facture contestée")
        OTHER = "other", _("autre raison")

    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="pauses", verbose_name=_("document")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="pauses", verbose_name=_("client")
    )
    why = models.CharField(_("pourquoi"), max_length=8, choices=Why)
    reason = models.CharField(_("raison"), max_length=200)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("décidée par")
    )
    at = models.DateTimeField(_("décidée le"))
    lifted_at = models.DateTimeField(_("levée le"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("levée par"),
    )

    objects = DunningPauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause des relances")
        verbose_name_plural = _("pauses des relances")
        ordering: ClassVar[list[str]] = ["-at"]
        db_table_comment = "No dunning letters about a document or a customer, for a reason, until a day"
        permissions = [("decide_dunningpause", "Can hold back dunning letters")]
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False, customer=None) | Q(document=None, customer__isnull=False),
                name="pause_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(why__in=["promised", "disputed", "other"]), name="pause_has_a_known_reason"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=False) | Q(why="disputed"), name="pause_ends_unless_disputed"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="pause_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document or self.customer} · {self.reason}"
