"""Fields that the rows of a plan share: the site they are about, a month, a percentage."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MOST_PERCENT = 999


def of_site(related_name: str) -> "models.ForeignKey[Any, Any]":
    """The site; none is the whole house."""
    return models.ForeignKey(
        "bookings.Site",
        models.PROTECT,
        null=True,
        blank=True,
        related_name=related_name,
        verbose_name=_("site"),
        help_text=_("Vide\u00a0: tous les sites ensemble."),
    )


def month(label: Any) -> "models.DateField[Any, Any]":
    """A month, as its first day."""
    return models.DateField(label, help_text=_("N’importe quel jour du mois."))


def percent(label: Any, **options: Any) -> "models.PositiveSmallIntegerField[Any, Any]":
    """Hundredths of the running costs; more than all of them is possible."""
    between = [MinValueValidator(0), MaxValueValidator(MOST_PERCENT)]
    return models.PositiveSmallIntegerField(label, validators=between, **options)


def first_days(name: str, *fields: str) -> models.CheckConstraint:
    """Months are kept as their first day, and as nothing else."""
    wanted = Q()
    for field in fields:
        wanted &= Q(**{f"{field}__day": 1})
    return models.CheckConstraint(condition=wanted, name=name)
