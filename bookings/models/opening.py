"""When a site or a space is open, and when it is exceptionally shut."""

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class OpeningHours(models.Model):
    """Open each such weekday from `opens` to `closes`; a space's own rows replace the site's."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("lundi")
        TUESDAY = 1, _("mardi")
        WEDNESDAY = 2, _("mercredi")
        THURSDAY = 3, _("jeudi")
        FRIDAY = 4, _("vendredi")
        SATURDAY = 5, _("samedi")
        SUNDAY = 6, _("dimanche")

    class Half(models.TextChoices):
        MORNING = "morning", _("matin")
        AFTERNOON = "afternoon", _("après-midi")
        NONE = "", _("hors demi-journée")

    site = models.ForeignKey(
        "bookings.Site", models.CASCADE, related_name="opening_hours", verbose_name=_("site")
    )
    space = models.ForeignKey(
        "bookings.Space",
        models.CASCADE,
        related_name="opening_hours",
        null=True,
        blank=True,
        verbose_name=_("espace"),
        help_text=_("Vide\u00a0: tout le site."),
    )
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday)
    half = models.CharField(_("demi-journée"), max_length=10, choices=Half, blank=True, default="")
    opens = models.TimeField(_("ouvre à"))
    closes = models.TimeField(
        _("ferme à"), help_text=_("Une heure qui n’est pas après l’ouverture est celle du lendemain.")
    )
    valid_from = models.DateField(_("à partir du"), null=True, blank=True)
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    class Meta:
        verbose_name = _("horaire d’ouverture")
        verbose_name_plural = _("horaires d’ouverture")
        ordering = ["site", "space", "weekday", "opens"]
        db_table_comment = "Open each such weekday; closes not after opens means the next day"
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_is_a_day_of_the_week"),
            models.CheckConstraint(
                condition=Q(half__in=["morning", "afternoon", ""]), name="half_is_morning_afternoon_or_none"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="opening_hours_end_after_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Closure(models.Model):
    """A period when a site or a space is shut; its bookings (purpose closure) hold the places."""

    site = models.ForeignKey("bookings.Site", models.CASCADE, related_name="closures", verbose_name=_("site"))
    space = models.ForeignKey(
        "bookings.Space",
        models.CASCADE,
        related_name="closures",
        null=True,
        blank=True,
        verbose_name=_("espace"),
        help_text=_("Vide\u00a0: tout le site."),
    )
    during = DateTimeRangeField(_("période"))
    reason = models.CharField(_("raison"), max_length=200)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("décidée par"),
    )

    class Meta:
        verbose_name = _("fermeture")
        verbose_name_plural = _("fermetures")
        ordering = ["-during"]
        db_table_comment = "A period when a site or a space is shut"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="closure_is_a_period",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
