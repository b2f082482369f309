"""Open data: what anyone may take, without anything of a person; each field says what it means.

The names of fields are French, as the public bodies that take them expect; they are an interface, and stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Site
from cantine.ecosystem.public import listed
from cantine.pilotage.figures.months import last_day, months_before
from cantine.pilotage.figures.occupancy import Hours, rate
from events.models import Event
from members.models import OrganisationProfile

LICENCE = "Licence Ouverte 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
MONTHS = 24
FEWEST = 5
"""Fewer people in a month are not told: they could be known again."""
MOST_EVENTS = 5_000
HOUR = timedelta(hours=1)
Row = dict[str, Any]
Text = str | Promise


@dataclass(frozen=True)
class Field:
    """A column: its name, its type in the words of Table Schema, its meaning."""

    name: str
    type: str
    meaning: Text


@dataclass(frozen=True)
class Dataset:
    """Rows that anyone may take; `lasts` says how long a copy is good, and whether ours is kept as long."""

    name: str
    title: Text
    definition: Text
    fields: tuple[Field, ...]
    rows: Callable[[datetime], list[Row]]
    lasts: timedelta

    def kept(self, now: datetime) -> list[Row]:
        """The rows, read once in a while: months that are over hardly change, and anyone may ask often."""
        if not self.lasts:
            return self.rows(now)
        key = f"open-data:{self.name}:{timezone.localtime(now):%Y-%m-%d}"
        found: list[Row] | None = caches["redis"].get(key)
        if found is None:
            found = self.rows(now)
            caches["redis"].set(key, found, self.lasts.total_seconds())
        return found


def months_over(now: datetime) -> list[date]:
    """The last two years of months that are over."""
    return months_before(timezone.localdate(now), MONTHS + 1)[:-1]


def occupancy(now: datetime) -> list[Row]:
    """Hours offered and taken by site and month."""
    months, rows = months_over(now), []
    for site in Site.objects.order_by("position", "name"):
        found = rate([site], months[0], last_day(months[-1])).by_month()
        for month in months:
            hours = found.get(month, Hours())
            rows.append(
                {
                    "mois": f"{month:%Y-%m}",
                    "site": site.code,
                    "heures_offertes": hours.offered_hours,
                    "heures_prises": hours.taken_hours,
                    "taux_occupation": hours.percent,
                }
            )
    return rows


def people(now: datetime) -> list[Row]:
    """How many different people had a place, by site and month; few are not told."""
    months = months_over(now)
    sure = Booking.objects.filter(
        state=Booking.State.CONFIRMED,
        purpose=Booking.Purpose.MEMBER,
        booked_by__isnull=False,
        during__startswith__date__gte=months[0],
    )
    counted = sure.order_by().values("site__code", month=TruncMonth("during__startswith"))
    numbers = {
        (row["site__code"], row["month"].date()): row["n"]
        for row in counted.annotate(n=Count("booked_by", distinct=True))
    }
    rows = []
    for code in Site.objects.order_by("position", "name").values_list("code", flat=True):
        for month in months:
            number = numbers.get((code, month), 0)
            few = 0 < number < FEWEST
            rows.append(
                {"mois": f"{month:%Y-%m}", "site": code, "personnes": None if few else number, "secret": few}
            )
    return rows


def events(now: datetime) -> list[Row]:
    """Public events that took place."""
    held = Event.objects.public(now).filter(state=Event.State.PUBLISHED, ends_at__lte=now)
    rows = held.select_related("category", "site").order_by("-starts_at", "-pk")[:MOST_EVENTS]
    return [
        {
            "date": f"{timezone.localtime(each.starts_at, each.site.zone):%Y-%m-%d}",
            "titre": each.title,
            "categorie": each.category.name,
            "site": each.site.code,
            "page": f"{settings.PUBLIC_URL}{each.get_absolute_url()}",
        }
        for each in rows
    ]


def organisations(now: datetime) -> list[Row]:
    """Those that agreed to be shown."""
    return [_organisation(each) for each in listed()]


def _organisation(each: OrganisationProfile) -> Row:
    return {
        "nom": each.organisation.name,
        "genre": each.get_kind_display(),
        "secteur": each.sector.name if each.sector else "",
        "agglomeration": each.agglomeration.name if each.agglomeration else "",
        "ville": each.city,
        "creation": each.founded_on.year if each.founded_on else None,
        "site_web": each.website,
        "presentation": each.description,
    }


MONTH = Field("mois", "yearmonth", _("le mois, AAAA-MM\u202f; les 24 derniers mois finis"))
SITE = Field("site", "string", _("le code du site"))
DATASETS: dict[str, Dataset] = {
    each.name: each
    for each in (
        Dataset(
            "occupation",
            _("Occupation par site et par mois"),
            _(
                "Heures des postes et salles prises par des réservations confirmées, événements et locations "
                "compris, sur les heures d’ouverture de tous les postes et salles d’aujourd’hui."
            ),
            (
                MONTH,
                SITE,
                Field("heures_offertes", "integer", _("heures d’ouverture fois nombre de postes et salles")),
                Field("heures_prises", "integer", _("heures réservées, confirmées")),
                Field(
                    "taux_occupation",
                    "integer",
                    _("heures prises pour cent heures offertes\u202f; vide si le site n’a pas ouvert"),
                ),
            ),
            occupancy,
            HOUR,
        ),
        Dataset(
            "personnes",
            _("Personnes accueillies par site et par mois"),
            _(
                "Nombre de personnes différentes qui ont eu un poste ou une salle. Un nombre de 1 à 4 n’est "
                "pas donné\u00a0: on pourrait y reconnaître quelqu’un."
            ),
            (
                MONTH,
                SITE,
                Field("personnes", "integer", _("nombre de personnes\u202f; vide quand il est tu")),
                Field("secret", "boolean", _("vrai quand le nombre est tu")),
            ),
            people,
            HOUR,
        ),
        Dataset(
            "evenements",
            _("Événements publics tenus"),
            _("Les événements ouverts à tous qui ont eu lieu, les derniers d’abord."),
            (
                Field("date", "date", _("le jour où il commence")),
                Field("titre", "string", _("son titre")),
                Field("categorie", "string", _("sa catégorie")),
                SITE,
                Field("page", "string", _("l’adresse de sa page")),
            ),
            events,
            HOUR,
        ),
        Dataset(
            "organisations",
            _("Organisations de l’écosystème"),
            _("Celles qui ont accepté d’être montrées, et n’ont pas retiré cet accord."),
            (
                Field("nom", "string", _("son nom")),
                Field("genre", "string", _("ce qu’elle est")),
                Field("secteur", "string", _("son secteur")),
                Field("agglomeration", "string", _("son agglomération")),
                Field("ville", "string", _("sa ville")),
                Field("creation", "year", _("son année de création, quand elle est connue")),
                Field("site_web", "string", _("l’adresse de son site")),
                Field("presentation", "string", _("ce qu’elle dit d’elle")),
            ),
            organisations,
            timedelta(0),
        ),
    )
}
"""By name, as in their addresses; organisations are never kept: one may withdraw."""
