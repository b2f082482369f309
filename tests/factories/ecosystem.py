"""Organisations of the ecosystem for tests; every default is plainly invented."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from members.models import (
    Agglomeration,
    ListingConsent,
    Organisation,
    OrganisationFact,
    OrganisationProfile,
    Sector,
)
from tests.factories.members import make_organisation
from tests.factories.rows import written

SOURCE = "questionnaire d’essai"


def make_town(code: str = "rouen", *sites: str, name: str = "", position: int = 0) -> Agglomeration:
    """Find or make a town, with the sites that stand there."""
    defaults = {"name": name or code.capitalize(), "position": position, "site_codes": list(sites)}
    return Agglomeration.objects.get_or_create(code=code, defaults=defaults)[0]


def make_sector(code: str = "logiciel", *, name: str = "") -> Sector:
    """Find or make a sector."""
    return Sector.objects.get_or_create(code=code, defaults={"name": name or code.capitalize()})[0]


def make_known(
    *,
    name: str = "",
    listed: bool = False,
    jobs: Mapping[int, int] | None = None,
    raised: Mapping[int, int] | None = None,
    organisation: Organisation | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> OrganisationProfile:
    """Make an organisation with its record: a start-up unless another kind is given."""
    organisation = organisation or make_organisation(name=name)
    profile = written(
        OrganisationProfile(organisation=organisation, **{"kind": OrganisationProfile.Kind.STARTUP, **fields})
    )
    for measure, values in (("jobs", jobs or {}), ("raised", raised or {})):
        for year, value in values.items():
            written(
                OrganisationFact(
                    organisation=organisation, year=year, measure=measure, value=value, source=SOURCE
                )
            )
    if listed:
        ListingConsent.objects.create(
            organisation=organisation, text="Oui, pour l’essai.", language="fr", given_at=at or timezone.now()
        )
    return profile
