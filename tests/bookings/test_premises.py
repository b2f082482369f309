"""The premises are read once, and anew after any change of theirs; who someone is comes with them."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from billing.models import Customer, Product, Seller
from bookings.models import Closure, Equipment, Floor, OpeningHours, Site, Space, Tariff
from bookings.period import Period
from bookings.services import premises
from bookings.services.standing import READ, standing
from members.models import User
from tests.factories.billing import make_customer, make_organisation_customer
from tests.factories.bookings import TOMORROW, make_house
from tests.factories.members import make_membership, make_organisation, make_user

pytestmark = pytest.mark.django_db


def shut() -> None:
    start = datetime(2026, 12, 1, 8, tzinfo=UTC)
    during = Period(start, start + timedelta(hours=2)).range
    Closure.objects.create(site=Site.objects.get(), during=during, reason="Essai")


CHANGES: dict[str, Callable[[], object]] = {
    "site": lambda: Site.objects.update(horizon_days=30),
    "seller": lambda: Seller.objects.update(vat_regime="franchise"),
    "product": lambda: Product.objects.update(vat_rate=Decimal("10.00")),
    "floor": lambda: Floor.objects.create(site=Site.objects.get(), name="Grenier"),
    "space": lambda: Space.objects.filter(number=1).update(out_of_order_reason="Essai"),
    "parts": lambda: Space.objects.get(code="ab").parts.all().delete(),
    "equipment": lambda: Equipment.objects.create(code="lampe", name="lampe"),
    "what a desk has": lambda: Space.objects.get(number=1).equipment.set(Equipment.objects.all()[:1]),
    "hours": lambda: OpeningHours.objects.update(opens=time(7)),
    "closures": shut,
    "tariffs": lambda: Tariff.objects.update(half_day=Decimal("7.00")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_any_change_of_theirs_is_seen_at_once(change: Callable[[], object]) -> None:
    make_house(desks=1)
    Equipment.objects.get_or_create(code="ecran", defaults={"name": "écran"})
    before = premises.current()
    change()
    after = premises.current()
    assert after is not before
    assert after.stamp != before.stamp


def test_what_has_not_changed_is_read_once() -> None:
    make_house(desks=1)
    known = premises.current()
    make_user()
    with CaptureQueriesContext(connection) as queries:
        assert premises.current() is known
    assert len(queries) == 1


def test_a_change_that_is_taken_back_is_never_seen() -> None:
    site = make_house(desks=1)
    known = premises.current()
    with transaction.atomic():
        Site.objects.update(name="Ailleurs")
        assert premises.current().site(site).name == "Ailleurs"
        transaction.set_rollback(True)
    assert premises.current() is known
    Site.objects.update(name="Là-bas")
    assert premises.current().site(site).name == "Là-bas"


def test_whom_one_may_pay_as_is_what_the_customers_say() -> None:
    site = make_house(desks=1)
    people = [make_user(name="Odile Essai"), make_user(name="Nour Essai"), make_user(name="Rien")]
    for firm, may_pay, index in (("Un", True, 0), ("Deux", False, 0), ("Trois", True, 1)):
        make_organisation_customer(make_organisation(people[index], may_pay=may_pay, name=firm))
    for person in people[:2]:
        make_customer(person)
    for person in people:
        said = standing(person, site_code=site.code, day=TOMORROW).customers
        assert list(said) == list(Customer.objects.payable_by(person).distinct().values_list(*READ))


def test_an_organisation_that_pays_counts_by_its_own_membership() -> None:
    site = make_house(desks=1)
    person = make_user()
    member, other = (make_organisation(person, may_pay=True, name=name) for name in ("Membre", "Autre"))
    for firm in (member, other):
        make_organisation_customer(firm)
    make_membership(organisation=member)
    found = standing(person, site_code=site.code, day=TOMORROW)
    assert found.rules(site).is_member
    assert found.rules(site, member.pk).is_member
    assert not found.rules(site, other.pk).is_member


@pytest.mark.parametrize("who", [None, "someone"])
def test_a_site_that_does_not_exist_has_the_premises_alone(who: str | None) -> None:
    make_house(desks=1)
    user: User | None = make_user() if who else None
    assert standing(user, site_code="ailleurs", day=TOMORROW).premises is premises.current()
