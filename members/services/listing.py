"""Being shown to everyone: what an organisation tells of itself, its agreement, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from members.errors_organisation import NothingToShow, NotOwner
from members.formats import known
from members.models import Affiliation, ListingConsent, Organisation, OrganisationProfile, User
from members.transactions import own_transaction, require_transaction

PUBLIC_PART = ("kind", "sector", "agglomeration", "city", "website", "description")
"""What an owner tells; years, numbers and sources are the manager's."""


def consent_words() -> str:
    """What is agreed to, in the language of the screen; kept word for word with each agreement."""
    return _(
        "J’accepte, au nom de cette organisation, que son nom, son genre, son secteur, son agglomération, "
        "sa ville, son année de création, son site web et sa présentation soient montrés à tous sur la page "
        "de l’écosystème et repris dans les données ouvertes, sous la Licence Ouverte 2.0. Cet accord se "
        "retire ici à tout moment\u00a0: nos pages ne la montrent plus aussitôt."
    )


@own_transaction
def save_public_part(
    *,
    organisation: Organisation,
    values: Mapping[str, Any],
    listed: bool,
    by: User,
    language: str,
    now: datetime,
) -> OrganisationProfile:
    """Write what an owner tells of the organisation, and whether everyone may read it.

    Raises `NotOwner`, or `NothingToShow` for a listing without a kind or an agglomeration.
    """
    _locked_by_owner(organisation, by)
    if listed and not (values.get("kind") and values.get("agglomeration")):
        raise NothingToShow
    profile, _made = OrganisationProfile.objects.update_or_create(
        organisation=organisation, defaults={name: values[name] for name in PUBLIC_PART}
    )
    if listed:
        _agree(organisation, by=by, language=language, now=now)
    else:
        _take_back(organisation, now=now)
    return profile


@own_transaction
def note_consent(*, organisation: Organisation, source: str, by: User, language: str, now: datetime) -> None:
    """Note an agreement that was given to the place in writing; `source` says how and when.

    Raises `NothingToShow` while its record says not what it is, or where.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    told = OrganisationProfile.objects.filter(organisation=organisation, agglomeration__isnull=False)
    if not told.exclude(kind="").exists():
        raise NothingToShow
    _agree(organisation, by=by, language=language, now=now, source=source)


@own_transaction
def withdraw_listing(*, organisation: Organisation, now: datetime) -> None:
    """Show it to nobody any more, on the manager's word; twice is once."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    _take_back(organisation, now=now)


def _agree(organisation: Organisation, *, by: User, language: str, now: datetime, source: str = "") -> None:
    """Step: an agreement that stands stays as it was given."""
    if not organisation.listing_consents.filter(withdrawn_at=None).exists():
        ListingConsent.objects.create(
            organisation=organisation,
            text=consent_words(),
            source=source,
            language=known(language),
            given_at=now,
            given_by=by,
        )


def _take_back(organisation: Organisation, *, now: datetime) -> None:
    ListingConsent.objects.standing().filter(organisation=organisation).update(withdrawn_at=now)


def _locked_by_owner(organisation: Organisation, by: User) -> None:
    require_transaction()
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if not Affiliation.objects.filter(organisation=organisation, user=by, is_owner=True).exists():
        raise NotOwner
