"""Filters of the lists of bookings: when, and how they are paid."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Case, F, OrderBy, Q, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.models import Document, Order
from bookings.models import Booking
from bookings.period import Period, at


def soonest_first(now: datetime) -> list[OrderBy]:
    """What is on or to come, soonest first, then what is over, latest first."""
    coming = Case(When(during__endswith__gt=now, then=F("during__startswith")))
    return [coming.asc(nulls_last=True), F("during__startswith").desc()]


def days(first: date, number: int) -> Q:
    """Bookings that touch one of `number` days, on the clocks of the management."""
    zone = timezone.get_current_timezone()
    start, end = at(first, time(), zone), at(first + timedelta(days=number), time(), zone)
    return Q(during__overlap=Period(start, end).range)


class WhenFilter(admin.SimpleListFilter):
    """Today, this week, to come, past."""

    title = _("quand")
    parameter_name = "quand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The four choices."""
        return [
            ("aujourdhui", _("Aujourd’hui")),
            ("semaine", _("Cette semaine")),
            ("avenir", _("À venir")),
            ("passees", _("Passées")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        """By when it is."""
        now, today = timezone.now(), timezone.localdate()
        wanted = {
            "aujourdhui": days(today, 1),
            "semaine": days(today - timedelta(days=today.weekday()), 7),
            "avenir": Q(during__endswith__gt=now),
            "passees": Q(during__endswith__lte=now),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


class PaidFilter(admin.SimpleListFilter):
    """How it is paid, or that it is not yet."""

    title = _("règlement")
    parameter_name = "reglement"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The three choices."""
        return [("du", _("À régler")), ("facture", _("Sur facture")), ("regle", _("Réglé"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        """By the order that pays it and its invoice."""
        unpaid = Q(line__order__in=Document.objects.unpaid().values("order"))
        accepted = Q(line__order__state=Order.State.ACCEPTED)
        wanted = {
            "du": Q(line__order__state=Order.State.OPEN) | unpaid,
            "facture": Q(line__order__means=Order.Means.TERMS),
            "regle": accepted & ~unpaid,
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))
