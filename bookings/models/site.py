"""A coworking place and the rules of booking there."""

from datetime import time
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def known_time_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if name not in available_timezones():
        raise ValidationError(_("Ce fuseau horaire n’existe pas."))


class SiteQuerySet(models.QuerySet["Site"]):
    """Which places there are."""

    def open(self) -> "SiteQuerySet":
        """Sites that take bookings, in the order shown."""
        return self.filter(is_open=True).order_by("position", "name")


class Site(models.Model):
    """One coworking place, with its time zone, seller, door sheet and booking rules."""

    code = models.SlugField(
        _("code"), max_length=40, unique=True, help_text=_("Dans les adresses\u00a0: rouen.")
    )
    name = models.CharField(_("nom"), max_length=80)
    place = models.CharField(_("lieu"), max_length=120, blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=12, blank=True)
    city = models.CharField(_("ville"), max_length=80, blank=True)
    country = models.CharField(_("pays"), max_length=2, default="FR")
    subdivision = models.CharField(_("subdivision des jours fériés"), max_length=8, blank=True)
    timezone = models.CharField(
        _("fuseau horaire"), max_length=40, default="Europe/Paris", validators=[known_time_zone]
    )
    seller = models.ForeignKey(
        "billing.Seller", models.PROTECT, related_name="sites", verbose_name=_("vendeur")
    )
    email = models.EmailField(_("adresse électronique"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    door = models.CharField(_("entrée"), max_length=120, blank=True)
    door_code = models.CharField(_("code de la porte"), max_length=30, blank=True)
    wifi_name = models.CharField(_("nom du Wi-Fi"), max_length=60, blank=True)
    wifi_password = models.CharField(_("mot de passe du Wi-Fi"), max_length=60, blank=True)
    directions = models.TextField(_("comment venir"), blank=True)

    desk_payment = models.BooleanField(_("paiement sur place"), default=False)
    holidays_open = models.BooleanField(_("ouvert les jours fériés"), default=False)
    horizon_days = models.PositiveSmallIntegerField(_("réservable d’avance (jours)"), default=90)
    notice_minutes = models.PositiveSmallIntegerField(_("délai avant le début (minutes)"), default=0)
    shortest_minutes = models.PositiveSmallIntegerField(_("durée la plus courte (minutes)"), default=30)
    longest_hours = models.PositiveSmallIntegerField(_("durée la plus longue (heures)"), default=12)
    open_holds = models.PositiveSmallIntegerField(_("options en cours par client"), default=3)
    free_cancellation_time = models.TimeField(
        _("poste\u00a0: annulation gratuite jusqu’à, la veille"), default=time(18)
    )
    free_cancellation_hours = models.PositiveSmallIntegerField(
        _("salle\u00a0: annulation gratuite jusqu’à (heures avant)"), default=24
    )
    late_share = models.PositiveSmallIntegerField(
        _("part gardée après ce délai (%)"), default=50, validators=[MaxValueValidator(100)]
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    is_open = models.BooleanField(_("prend des réservations"), default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["position", "name"]
        db_table_comment = "One coworking place, with its time zone, seller and booking rules"
        constraints = [
            models.CheckConstraint(condition=Q(late_share__lte=100), name="late_share_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def where(self) -> str:
        """Its postal address on one line: place, street, postcode and town, each said once."""
        parts = (self.place, self.address, f"{self.postcode} {self.city}".strip())
        return ", ".join(dict.fromkeys(part for part in parts if part))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its clocks show."""
        return ZoneInfo(self.timezone)
