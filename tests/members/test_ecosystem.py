"""What an organisation tells everyone of itself: by its owners, with its agreement, as long as it stands."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from members.errors_organisation import NothingToShow, NotOwner
from members.models import ListingConsent, Organisation, OrganisationProfile, User
from members.own_data import erase
from members.services.listing import consent_words, note_consent, save_public_part
from members.young import LONGEST_YEARS, is_young
from tests.factories.ecosystem import make_known, make_town
from tests.factories.members import make_affiliation, make_organisation, make_user

pytestmark = pytest.mark.django_db
DAYS = st.dates(date(2000, 3, 1), date(2050, 1, 1))


@pytest.fixture
def owner() -> User:
    return make_user(name="Odile Responsable")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    made = make_organisation(name="Atelier des Essais")
    made.affiliations.create(user=owner, may_pay=True, is_owner=True)
    return made


def form(**changes: str) -> dict[str, str]:
    town = make_town("caen")
    told = {"kind": "company", "agglomeration": str(town.pk), "city": "Caen", "description": "Des essais."}
    return {**told, "listed": "on", **changes}


@given(founded=DAYS, day=DAYS, jobs=st.none() | st.integers(0, 500))
def test_a_start_up_is_young_until_its_eighth_birthday_and_below_250_jobs(
    founded: date, day: date, jobs: int | None
) -> None:
    eighth = founded.replace(
        year=founded.year + LONGEST_YEARS,
        day=28 if (founded.month, founded.day) == (2, 29) else founded.day,
    )
    if (founded.month, founded.day) != (2, 29):
        expected = founded <= day < eighth and (jobs is None or jobs < 250)
        assert is_young("startup", founded, jobs, day) is expected
    assert not is_young("company", founded, jobs, day)
    assert not is_young("startup", None, jobs, day)


def test_an_owner_shows_her_organisation_with_the_words_she_agreed_to_and_takes_it_back(
    client: Client, owner: User, organisation: Organisation
) -> None:
    client.force_login(owner)
    page = reverse("members:listing", args=[organisation.pk])
    client.post(page, form())
    consent = ListingConsent.objects.get()
    assert (consent.text, consent.given_by, consent.withdrawn_at) == (consent_words(), owner, None)
    assert "Atelier des Essais" in client.get(reverse("ecosystem")).content.decode()
    client.post(page, form())
    assert ListingConsent.objects.count() == 1
    client.post(page, form(listed=""))
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert "Atelier des Essais" not in Client().get(reverse("ecosystem")).content.decode()
    assert OrganisationProfile.objects.get().description == "Des essais."


def test_an_organisation_that_says_not_what_it_is_is_not_shown(
    client: Client, owner: User, organisation: Organisation
) -> None:
    client.force_login(owner)
    page = client.post(reverse("members:listing", args=[organisation.pk]), form(kind=""))
    assert page.status_code == 422
    assert not OrganisationProfile.objects.exists()
    with pytest.raises(NothingToShow):
        note_consent(organisation=organisation, source="lettre", by=owner, language="fr", now=timezone.now())
    assert not ListingConsent.objects.exists()


def test_nobody_else_writes_what_it_tells(client: Client, organisation: Organisation) -> None:
    payer = make_user()
    make_affiliation(organisation=organisation, user=payer, may_pay=True)
    client.force_login(payer)
    assert client.post(reverse("members:listing", args=[organisation.pk]), form()).status_code == 404
    values = dict.fromkeys(("kind", "city", "website", "description"), "") | {
        "sector": None,
        "agglomeration": None,
    }
    with pytest.raises(NotOwner):
        save_public_part(
            organisation=organisation,
            values=values,
            listed=False,
            by=payer,
            language="fr",
            now=timezone.now(),
        )
    assert not OrganisationProfile.objects.exists()


def test_the_agreement_stands_without_the_name_of_who_gave_it_and_was_erased(
    owner: User, organisation: Organisation
) -> None:
    make_known(organisation=organisation, agglomeration=make_town())
    note_consent(organisation=organisation, source="lettre", by=owner, language="fr", now=timezone.now())
    with transaction.atomic():
        erase(owner, now=timezone.now() + timedelta(days=1))
    consent = ListingConsent.objects.get()
    assert (consent.given_by, consent.stands) == (None, True)


def test_an_organisation_agrees_once_at_a_time(organisation: Organisation) -> None:
    make_known(organisation=organisation, listed=True)
    with pytest.raises(IntegrityError, match="organisation_agrees_once_at_a_time"), transaction.atomic():
        ListingConsent.objects.create(organisation=organisation, text="Encore", language="fr")
