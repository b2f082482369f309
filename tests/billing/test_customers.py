"""Whose customer a person is."""

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction

from billing.customers import customer_for
from billing.models import Customer
from members.models import User
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def verify(user: User, *, verified: bool = True) -> None:
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": verified, "primary": True}
    )


@transaction.atomic
def make_contact(email: str) -> Customer:
    return Customer.objects.create(kind=Customer.Kind.CONTACT, name="Passage", email=email)


def test_a_contact_is_claimed_by_whoever_verified_its_address() -> None:
    contact, user = make_contact("Camille@exemple.example"), make_user(email="camille@exemple.example")
    verify(user)
    claimed = customer_for(user)
    assert claimed.pk == contact.pk
    assert (claimed.kind, claimed.user) == (Customer.Kind.USER, user)


def test_an_address_that_was_not_verified_claims_nothing() -> None:
    contact, user = make_contact("camille@exemple.example"), make_user(email="camille@exemple.example")
    verify(user, verified=False)
    assert customer_for(user).pk != contact.pk
    contact.refresh_from_db()
    assert contact.kind == Customer.Kind.CONTACT


def test_a_customer_is_written_to_in_the_persons_language() -> None:
    user = make_user()
    assert customer_for(user).language == "fr"
    user.language = "en"
    user.save(update_fields=["language"])
    assert customer_for(user).language == "en"
    assert Customer.objects.filter(user=user).count() == 1


def test_of_several_contacts_at_their_address_a_person_claims_the_one_that_is_a_person() -> None:
    club = Customer.objects.create(
        kind="contact", name="Club d’essai", email="camille@exemple.example", buyer="association"
    )
    contact, user = make_contact(club.email), make_user(email=club.email)
    verify(user)
    assert customer_for(user).pk == contact.pk
    club.refresh_from_db()
    assert (club.kind, club.name) == ("contact", "Club d’essai")
