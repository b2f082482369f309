"""What was taken, closed for good: by day, month and year, each closing chained to the one before."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.file import private_storage
from billing.models.seller import Seller
from billing.models.triggers import append_only


class TillClosingQuerySet(models.QuerySet["TillClosing"]):
    """Reads closings by their sort."""

    def days(self) -> Self:
        """Those of a day."""
        return self.filter(kind=TillClosing.Kind.DAY)

    def chained(self) -> Self:
        """In the order of their chain."""
        return self.order_by("number")


class TillClosing(models.Model):
    """The money of a period, added up once it is over and never reopened (billing.md §5).

    `starts_at` and `ends_at` are the instants of the seller's midnights: an event belongs to the day whose
    instants hold its `at`. Codes and amounts only.
    """

    class Kind(models.TextChoices):
        DAY = "day", _("jour")
        MONTH = "month", _("mois")
        YEAR = "year", _("année")

    seller = models.ForeignKey(
        Seller, models.PROTECT, related_name="till_closings", verbose_name=_("vendeur")
    )
    kind = models.CharField(_("période"), max_length=5, choices=Kind)
    number = models.PositiveIntegerField(_("numéro"))
    first_day = models.DateField(_("premier jour"))
    last_day = models.DateField(_("dernier jour"))
    starts_at = models.DateTimeField(_("depuis"))
    ends_at = models.DateTimeField(_("jusqu’à"))
    from_sequence = models.PositiveIntegerField(_("premier mouvement"), null=True, blank=True)
    to_sequence = models.PositiveIntegerField(_("dernier mouvement"), null=True, blank=True)
    last_event_hash = models.CharField(_("empreinte du dernier mouvement"), max_length=64, blank=True)
    count = models.PositiveIntegerField(_("mouvements"))
    received = models.DecimalField(_("encaissé"), max_digits=14, decimal_places=2)
    refunded = models.DecimalField(_("remboursé"), max_digits=14, decimal_places=2)
    methods = models.JSONField(_("par moyen"))
    vat = models.JSONField(_("par taux de TVA"))
    documents = models.PositiveIntegerField(_("documents émis"))
    invoiced = models.DecimalField(_("facturé"), max_digits=14, decimal_places=2)
    deducted = models.DecimalField(_("acomptes déduits"), max_digits=14, decimal_places=2)
    credited = models.DecimalField(_("avoirs"), max_digits=14, decimal_places=2)
    perpetual_count = models.PositiveBigIntegerField(_("mouvements depuis l’origine"))
    perpetual_received = models.DecimalField(_("encaissé depuis l’origine"), max_digits=16, decimal_places=2)
    perpetual_refunded = models.DecimalField(_("remboursé depuis l’origine"), max_digits=16, decimal_places=2)
    specimen = models.BooleanField(_("démonstration"))
    made_at = models.DateTimeField(_("faite le"))
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64, blank=True)
    hash = models.CharField(_("empreinte"), max_length=64)
    signature = models.CharField(_("signature"), max_length=64)

    objects = TillClosingQuerySet.as_manager()

    class Meta:
        verbose_name = _("clôture de caisse")
        verbose_name_plural = _("clôtures de caisse")
        ordering: ClassVar[list[str]] = ["-last_day", "kind"]
        db_table_comment = "The money of a seller's day, month or year, added up once it is over"
        constraints = [
            models.UniqueConstraint(fields=["seller", "kind", "number"], name="till_closing_has_its_place"),
            models.UniqueConstraint(fields=["seller", "kind", "first_day"], name="period_is_closed_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["day", "month", "year"]), name="till_closing_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day"), ends_at__gt=F("starts_at")),
                name="till_closing_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(kind="day") | Q(first_day=F("last_day")), name="closing_of_a_day_is_of_one_day"
            ),
            models.CheckConstraint(
                condition=Q(made_at__gte=F("ends_at")), name="period_is_closed_once_it_is_over"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.seller.code} · {self.kind} · {self.first_day}"

    @property
    def net(self) -> Decimal:
        """What came in, less what was given back."""
        return self.received - self.refunded

    @property
    def perpetual_net(self) -> Decimal:
        """The same since the first closing."""
        return self.perpetual_received - self.perpetual_refunded


class TillArchive(models.Model):
    """A closed period as a file with its manifest, made once, signed, kept."""

    closing = models.OneToOneField(
        TillClosing, models.PROTECT, related_name="archive", verbose_name=_("clôture")
    )
    file = models.FileField(_("fichier"), storage=private_storage, upload_to="tills/")
    sha256 = models.CharField(_("empreinte"), max_length=64)
    size = models.PositiveBigIntegerField(_("octets"))
    signed_with = models.CharField(_("clé de signature"), max_length=8, blank=True)
    made_at = models.DateTimeField(_("faite le"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("faite par"),
    )

    class Meta:
        verbose_name = _("archive de caisse")
        verbose_name_plural = _("archives de caisse")
        ordering: ClassVar[list[str]] = ["-made_at"]
        db_table_comment = "A closed period as a file with its manifest, made once"
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.closing)


class TechnicalEventQuerySet(models.QuerySet["TechnicalEvent"]):
    """Reads the technical log by time."""

    def between(self, start: dt.datetime, end: dt.datetime) -> Self:
        """From `start` on, before `end`."""
        return self.filter(at__gte=start, at__lt=end)


class TechnicalEvent(models.Model):
    """Something the tax office may ask about that no other table keeps: who came in, how it was set."""

    class Kind(models.TextChoices):
        SIGN_IN = "sign_in", _("connexion de l’équipe")
        MODE = "mode", _("mode de fonctionnement")
        VERIFIED = "verified", _("vérification des chaînes")

    seller = models.ForeignKey(
        Seller, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vendeur")
    )
    kind = models.CharField(_("nature"), max_length=8, choices=Kind)
    at = models.DateTimeField(_("date"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("par"),
    )
    detail = models.CharField(_("précision"), max_length=200, blank=True)

    objects = TechnicalEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("événement technique")
        verbose_name_plural = _("journal technique")
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        db_table_comment = "The technical log: sign-ins of staff, modes, verifications"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["sign_in", "mode", "verified"]),
                name="technical_event_is_of_a_known_kind",
            ),
        ]
        indexes = [models.Index(fields=["-at"], name="technical_event_by_date")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.kind} · {self.at:%Y-%m-%d %H:%M}"
