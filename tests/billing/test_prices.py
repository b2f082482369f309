"""Dated prices of what is sold by the piece: one a day, and the manager's form that follows on."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from billing.models import Price, Product
from tests.factories.billing import make_product
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def make_price(product: Product, amount: str, since: date, until: date | None = None) -> Price:
    return Price.objects.create(product=product, amount=Decimal(amount), valid_from=since, valid_to=until)


def test_a_product_has_one_price_a_day() -> None:
    product, other = make_product(), make_product()
    first = make_price(product, "4.00", date(2026, 1, 1), date(2026, 6, 30))
    second = make_price(product, "5.00", date(2026, 7, 1))
    make_price(other, "9.00", date(2026, 1, 1))
    assert Price.objects.on(date(2026, 6, 30)).get(product=product) == first
    assert Price.objects.on(date(2026, 7, 1)).get(product=product) == second
    with pytest.raises(IntegrityError), transaction.atomic():
        make_price(product, "6.00", date(2026, 6, 30), date(2026, 6, 30))
    assert Price.objects.filter(product=product).count() == 2


@pytest.mark.parametrize(
    ("amount", "since", "until"),
    [("-0.01", date(2026, 1, 1), None), ("1.00", date(2026, 2, 1), date(2026, 1, 1))],
)
def test_a_price_is_not_negative_and_does_not_end_before_it_begins(
    amount: str, since: date, until: date | None
) -> None:
    product = make_product()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_price(product, amount, since, until)
    assert not Price.objects.exists()


def test_a_new_price_ends_the_one_before_and_another_on_its_days_is_refused() -> None:
    product, client = make_product(), Client()
    client.force_login(make_user(role="manager"))
    before = make_price(product, "4.00", date(2020, 1, 1))
    add, row = reverse("admin:billing_price_add"), {"product": product.pk, "valid_to": ""}
    answer = client.post(add, {**row, "amount": "4.50", "valid_from": "01/01/2030"})
    assert answer.status_code == 302
    before.refresh_from_db()
    assert before.valid_to == date(2029, 12, 31)
    answer = client.post(add, {**row, "amount": "5.00", "valid_from": "01/06/2025"})
    assert "a déjà un prix" in answer.content.decode()
    assert Price.objects.count() == 2
