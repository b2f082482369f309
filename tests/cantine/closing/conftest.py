"""Someone with an account, and an invoice of theirs."""

import pytest

from billing.models import Customer, Document
from members.models import User
from tests.billing.collecting.steps import enter, make_due
from tests.factories.bookings import NOW
from tests.factories.members import make_user


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@cantine.example")


@pytest.fixture
def invoiced(user: User) -> Document:
    """An invoice of theirs, paid."""
    customer = Customer.objects.create(
        kind="user",
        user=user,
        name=user.name,
        email=user.email,
        address="1, rue Essai",
        stripe_id="cus_1",
        terms_days=30,
    )
    document = make_due(NOW, customer=customer)
    enter(document, str(document.total_incl), now=NOW, by=make_user(role="manager"))
    return document
