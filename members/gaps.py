"""What the file of the ecosystem still lacks: each gap is counted, and listed, by one condition."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import OrganisationFact

Condition = Callable[[date], Q]


def _without_jobs(today: date) -> Q:
    """None said for last year or for this one."""
    jobs = OrganisationFact.objects.filter(organisation=OuterRef("pk"), measure=OrganisationFact.Measure.JOBS)
    return IN_FILE & ~Q(Exists(jobs.filter(year__gte=today.year - 1)))


def _lacks(condition: Q) -> Condition:
    return lambda _today: IN_FILE & condition


IN_FILE = Q(profile__isnull=False, profile__ceased_on=None)
"""What has a record and goes on: of what has ended nothing is asked any more."""

GAPS: Mapping[str, tuple[Promise, Condition]] = {
    "fiche": (_("sans fiche"), lambda _today: Q(profile=None)),
    "genre": (_("sans genre"), _lacks(Q(profile__kind=""))),
    "secteur": (_("sans secteur"), _lacks(Q(profile__sector=None))),
    "agglomeration": (_("sans agglomération"), _lacks(Q(profile__agglomeration=None))),
    "creation": (_("sans date de création"), _lacks(Q(profile__founded_on=None))),
    "emplois": (_("sans emplois de moins d’un an"), _without_jobs),
    "siren": (_("sans SIREN"), _lacks(Q(profile__siren=""))),
}
"""Code → its words, and which organisations have it on a day."""
