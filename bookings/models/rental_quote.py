"""What a quote offers of the house: for which request, which spaces, when, and the options that hold them."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import DateTimeRangeField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from billing.models import Quote
from billing.models.quote_parts import kept_while_it_stands
from billing.models.triggers import never_emptied
from bookings.period import Period

OF_A_DRAFT = """
IF (SELECT state FROM billing_quote WHERE id = OLD.quote_id) <> 'draft' AND NOT (
    OLD.shares_date AND NOT NEW.shares_date
    AND to_jsonb(OLD) - 'shares_date' = to_jsonb(NEW) - 'shares_date'
) THEN
    RAISE EXCEPTION 'bookings: what a quote that was sent offers never changes';
END IF;
RETURN NEW;
"""
"""Only its place in the line may change: it moves up."""


def prepared(period: Period, setup: int, clearing: int) -> Period:
    """A period with the minutes to set up before it and to clear after it."""
    return Period(period.start - timedelta(minutes=setup), period.end + timedelta(minutes=clearing))


def stood(rows: "QuerySet[RentalQuote]") -> "QuerySet[Any]":
    """Quotes with `stood_from`, `stood_until`: when it takes place, by what it holds where it is sure.

    `rows` join their bookings no other way than by `options__booking`.
    """
    minute, sure = Value(timedelta(minutes=1)), Q(options__booking__state="confirmed")
    setup = ExpressionWrapper(F("setup_minutes") * minute, output_field=DurationField())
    clearing = ExpressionWrapper(F("clearing_minutes") * minute, output_field=DurationField())
    begins = Min("options__booking__during__startswith", filter=sure) + setup
    ends = Max("options__booking__during__endswith", filter=sure) - clearing
    return rows.annotate(
        stood_from=Coalesce(begins, F("during__startswith"), output_field=DateTimeField()),
        stood_until=Coalesce(ends, F("during__endswith"), output_field=DateTimeField()),
    )


class RentalQuoteQuerySet(models.QuerySet["RentalQuote"]):
    """Which quotes of rentals."""

    def told(self) -> "RentalQuoteQuerySet":
        """With what pages and messages say of them."""
        return self.select_related(
            "quote__seller", "quote__customer", "quote__terms", "quote__advance_order", "request__site"
        )

    def sent(self) -> "RentalQuoteQuerySet":
        """Those that were ever sent, the latest first."""
        return self.filter(quote__sent_at__isnull=False).order_by("-quote__version", "-pk")

    def in_line(self, now: datetime) -> "RentalQuoteQuerySet":
        """Those that stand behind another's option and could still be accepted, the first in line first."""
        waiting = self.filter(shares_date=True, quote__state=Quote.State.SENT, quote__valid_until__gt=now)
        return waiting.order_by("quote__sent_at", "pk")

    def over(self, now: datetime) -> "RentalQuoteQuerySet":
        """Those that waited until their last day was over."""
        return self.filter(quote__in=Quote.objects.over(now)).order_by("quote__valid_until", "pk")


class RentalQuote(models.Model):
    """A quote as an offer of spaces for a time; `shares_date` where another's option goes before it."""

    request = models.ForeignKey(
        "bookings.RentalRequest", models.PROTECT, related_name="quotes", verbose_name=_("demande")
    )
    quote = models.OneToOneField(Quote, models.CASCADE, related_name="rental", verbose_name=_("devis"))
    during = DateTimeRangeField(_("période"))
    setup_minutes = models.PositiveSmallIntegerField(_("mise en place, en minutes"), default=0)
    clearing_minutes = models.PositiveSmallIntegerField(_("rangement, en minutes"), default=0)
    shares_date = models.BooleanField(_("en second rang"), default=False)
    scale = models.JSONField(
        _("barème d’annulation"), default=list, blank=True
    )  # pairs of days before and percent kept, as promised when the quote was sent

    objects = RentalQuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("devis de location")
        verbose_name_plural = _("devis de location")
        ordering: ClassVar[list[str]] = ["-pk"]
        db_table_comment = "What a quote offers of the house: the request, the time, the preparation"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="rental_quote_is_for_a_period",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_changes_once_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=OF_A_DRAFT,
            ),
            kept_while_it_stands(),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return str(self.quote)

    @property
    def period(self) -> Period:
        """From when to when it is rented."""
        return Period.of(self.during)

    @property
    def taken_period(self) -> Period:
        """The same with setting up and clearing: what its spaces are taken for."""
        return prepared(self.period, self.setup_minutes, self.clearing_minutes)


class RentalOption(models.Model):
    """A space that a quote offers, and the booking that holds it while the quote stands."""

    rental = models.ForeignKey(
        RentalQuote, models.CASCADE, related_name="options", verbose_name=_("devis de location")
    )
    space = models.ForeignKey("bookings.Space", models.PROTECT, related_name="+", verbose_name=_("espace"))
    booking = models.OneToOneField(
        "bookings.Booking",
        models.PROTECT,
        related_name="rental_option",
        null=True,
        blank=True,
        verbose_name=_("réservation"),
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar[list[str]] = ["rental", "pk"]
        db_table_comment = "A space that a quote offers, and the booking that holds it"
        constraints = [
            models.UniqueConstraint(fields=["rental", "space"], name="space_is_offered_once_a_quote"),
        ]

    def __str__(self) -> str:
        return f"{self.rental}, {self.space}"


class RentalDiscountQuerySet(models.QuerySet["RentalDiscount"]):
    """Which discounts count."""

    def on(self, day: date) -> "RentalDiscountQuerySet":
        """Those of one day, the largest first."""
        dated = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter(dated, valid_from__lte=day).order_by("-percent", "pk")


class RentalDiscount(models.Model):
    """The dated rule of a discount: for whom, and how much off the whole quote."""

    class Audience(models.TextChoices):
        MEMBER = "member", _("membres")
        ASSOCIATION = "association", _("associations")
        STARTUP = "startup", _("jeunes pousses")
        SCHOOL = "school", _("écoles")

    site = models.ForeignKey(
        "bookings.Site", models.CASCADE, related_name="rental_discounts", verbose_name=_("site")
    )
    audience = models.CharField(_("pour"), max_length=11, choices=Audience)
    percent = models.PositiveSmallIntegerField(
        _("remise, en %"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    label = models.CharField(_("dite sur le devis"), max_length=120)
    label_en = models.CharField(_("dite en anglais"), max_length=120, blank=True)
    valid_from = models.DateField(_("à partir du"))
    valid_to = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects = RentalDiscountQuerySet.as_manager()

    class Meta:
        verbose_name = _("remise de location")
        verbose_name_plural = _("remises de location")
        ordering: ClassVar[list[str]] = ["site", "audience", "-valid_from"]
        db_table_comment = "The dated rule of a discount on rentals"
        constraints = [
            models.UniqueConstraint(
                fields=["site", "audience", "valid_from"], name="rental_discount_begins_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="rental_discount_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["member", "association", "startup", "school"]),
                name="rental_discount_is_for_someone_known",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                name="rental_discount_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_audience_display()}, {self.percent}\u00a0%"

    def label_in(self, language: str) -> str:
        """What the quote calls it."""
        return self.label_en or self.label if language == "en" else self.label
