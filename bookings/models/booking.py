"""Anything that takes a space for a period."""

import secrets
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models import Customer
from bookings.period import Period, at
from members.lookups import any_of

if TYPE_CHECKING:
    from bookings.models.site import Site
    from members.models import User

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U/V read alike on the phone


def new_reference() -> str:
    """A short code to say aloud, such as 7K2M-M4PX; it opens nothing by itself."""
    letters = "".join(secrets.choice(ALPHABET) for _each in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class BookingQuerySet(models.QuerySet["Booking"]):
    """Whose bookings, and when."""

    def visible_to(self, user: "User") -> "BookingQuerySet":
        """What this person booked, or pays for."""
        if not user.is_authenticated:
            return self.none()
        payers = Customer.objects.payable_by(user)
        return self.filter(Q(booked_by=user) | Q(any_of("customer_id", payers))).exclude(
            purpose=Booking.Purpose.CLOSURE
        )

    def coming(self, user: "User") -> "BookingQuerySet":
        """Those this person comes for: what they pay for others is not theirs, nor what the desk booked."""
        theirs = Q(customer__user=user)
        if not user.is_staff:
            theirs |= Q(booked_by=user, customer__kind=Customer.Kind.ORGANISATION)
        return self.filter(theirs, purpose=Booking.Purpose.MEMBER)

    def active(self) -> "BookingQuerySet":
        """Those that hold their places."""
        return self.filter(state__in=Booking.ACTIVE)

    def confirmed(self) -> "BookingQuerySet":
        """Those that are sure."""
        return self.filter(state=Booking.State.CONFIRMED)

    def upcoming(self, now: datetime) -> "BookingQuerySet":
        """Not over yet and still on, soonest first."""
        return self.active().filter(during__endswith__gt=now).order_by("during")

    def past(self, now: datetime) -> "BookingQuerySet":
        """Those that took place, latest first."""
        return self.confirmed().filter(during__endswith__lte=now).order_by("-during")

    def called_off(self) -> "BookingQuerySet":
        """Cancelled after they were sure, latest first; an option given up or run out was never a booking."""
        return self.filter(state=Booking.State.CANCELLED, confirmed_at__isnull=False).order_by("-during")

    def on(self, site: "Site", day: date) -> "BookingQuerySet":
        """Those of a site that touch this local day."""
        start, end = at(day, time(0), site.zone), at(day + timedelta(days=1), time(0), site.zone)
        return self.filter(site=site, during__overlap=Period(start, end).range)

    def overdue(self, now: datetime) -> "BookingQuerySet":
        """Holds whose time is up."""
        return self.filter(state=Booking.State.HELD, held_until__lte=now)


class Booking(models.Model):
    """Takes a space for a period: for a member, an event, a rental or a closure."""

    class Purpose(models.TextChoices):
        MEMBER = "member", _("réservation")
        EVENT = "event", _("événement")
        RENTAL = "rental", _("location")
        CLOSURE = "closure", _("fermeture")

    class State(models.TextChoices):
        HELD = "held", _("en option")
        CONFIRMED = "confirmed", _("confirmée")
        CANCELLED = "cancelled", _("annulée")
        EXPIRED = "expired", _("expirée")

    ACTIVE = ("held", "confirmed")

    reference = models.CharField(_("référence"), max_length=9, default=new_reference)
    site = models.ForeignKey(
        "bookings.Site", models.PROTECT, related_name="bookings", db_index=False, verbose_name=_("site")
    )
    space = models.ForeignKey(
        "bookings.Space", models.PROTECT, related_name="bookings", verbose_name=_("espace")
    )
    during = DateTimeRangeField(_("période"))
    purpose = models.CharField(_("objet"), max_length=8, choices=Purpose, default=Purpose.MEMBER)
    customer = models.ForeignKey(
        "billing.Customer",
        models.PROTECT,
        related_name="bookings",
        null=True,
        blank=True,
        verbose_name=_("client"),
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="bookings",
        null=True,
        blank=True,
        verbose_name=_("réservée par"),
    )
    line = models.OneToOneField(
        "billing.OrderLine",
        models.PROTECT,
        related_name="booking",
        null=True,
        blank=True,
        verbose_name=_("ligne de commande"),
    )
    closure = models.ForeignKey(
        "bookings.Closure",
        models.CASCADE,
        related_name="bookings",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("fermeture"),
    )
    state = models.CharField(_("état"), max_length=10, choices=State)
    held_until = models.DateTimeField(_("gardée jusqu’à"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("faite le"))
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    sequence = models.PositiveSmallIntegerField(_("version pour les agendas"), default=0)
    displaced_at = models.DateTimeField(_("déplacée le"), null=True, blank=True)
    displaced_from = models.ForeignKey(
        "bookings.Space",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("déplacée depuis"),
    )
    displaced_reason = models.CharField(_("raison du déplacement"), max_length=200, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("réservation")
        verbose_name_plural = _("réservations")
        ordering = ["-during"]
        db_table_comment = "Anything that takes a space for a period, whatever its purpose"
        indexes = [
            GistIndex(fields=["site", "during"], name="booking_at_site_during"),
            models.Index(fields=["held_until"], condition=Q(state="held"), name="booking_hold_is_due"),
            models.Index(
                fields=["booked_by", "id"], condition=Q(state="confirmed"), name="booking_latest_of_someone"
            ),
            models.Index(fields=["closure"], condition=Q(closure__isnull=False), name="booking_of_a_closure"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="booking_has_a_reference_of_its_own"),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="booking_is_for_a_period",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "confirmed", "cancelled", "expired"]),
                name="booking_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["member", "event", "rental", "closure"]),
                name="booking_purpose_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(held_until__isnull=False), name="hold_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="member") | Q(customer__isnull=False),
                name="member_booking_has_a_customer",
            ),
            models.CheckConstraint(
                condition=Q(displaced_at__isnull=True, displaced_from__isnull=True)
                | Q(displaced_at__isnull=False, displaced_from__isnull=False),
                name="displaced_booking_says_from_where",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="booking_moves_along_its_arrows",
                field="state",
                transitions=[
                    ("held", "confirmed"),
                    ("held", "expired"),
                    ("held", "cancelled"),
                    ("confirmed", "cancelled"),
                    ("expired", "confirmed"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def period(self) -> Period:
        """From when to when."""
        return Period.of(self.during)

    @property
    def person(self) -> "User | None":
        """Who comes: the customer, or for an organisation whoever of its people booked."""
        if self.customer is not None and self.customer.kind == Customer.Kind.USER:
            return self.customer.user
        return self.booked_by

    @property
    def is_active(self) -> bool:
        """Whether it holds its place."""
        return self.state in self.ACTIVE
