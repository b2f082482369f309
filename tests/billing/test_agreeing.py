"""What the order button agrees to: the terms of sale, and a consumer's request to begin at once."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import Customer, Order
from billing.settlement.services import take_at_desk
from members.models import Page, User
from tests.factories.billing import (
    TrialHandler,
    make_customer,
    make_order,
    make_organisation_customer,
    make_product,
    make_seller,
    new_line,
)
from tests.factories.members import make_organisation, make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
REQUEST = "Je demande que ma réservation commence"


@pytest.fixture
def now() -> dt.datetime:
    """The views ask the clock."""
    return timezone.now()


@pytest.fixture
def someone() -> User:
    """Who pays."""
    return make_user(name="Camille Essai")


@pytest.fixture
def browser(someone: User) -> Client:
    """Their browser."""
    client = Client()
    client.force_login(someone)
    return client


@pytest.fixture(autouse=True)
def terms() -> Page:
    """The second version of the terms of sale, in force since yesterday; a third begins tomorrow."""
    today = timezone.localdate()
    fields = {"slug": "cgv", "language": "fr", "title": "Conditions", "body": "Neuf."}
    Page.objects.create(**fields, version=93, valid_from=today + dt.timedelta(days=1))
    return Page.objects.create(**fields, version=92, valid_from=today)


def order_in(days: int, customer: Customer, now: dt.datetime, by: User | None = None) -> Order:
    """An order of something that takes place in so many days."""
    seller = make_seller()
    line = new_line(make_product(seller), supplied_on=timezone.localdate(now) + dt.timedelta(days=days))
    return make_order(customer=customer, seller=seller, lines=[line], by=by, now=now)


def pay(browser: Client, order: Order, **form: str) -> int:
    """Press the button; the answer's status."""
    answer = browser.post(reverse("billing:pay", args=[order.public_id]), {"means": "card", **form})
    order.refresh_from_db()
    return answer.status_code


def test_a_consumer_is_asked_to_ask_for_tomorrow(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_in(1, make_customer(someone), now)
    page = browser.get(reverse("billing:pay", args=[order.public_id]))
    assertContains(page, REQUEST)
    assertContains(page, 'name="start" required')
    assertContains(page, "Facture au nom de")
    assertContains(page, "Camille Essai")


def test_without_the_request_the_form_comes_back_and_nothing_is_started(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_in(1, make_customer(someone), now)
    until = order.expires_at
    answer = browser.post(reverse("billing:pay", args=[order.public_id]), {"means": "card"})
    assertContains(answer, "Cochez la demande", status_code=422)
    assertContains(answer, 'href="#id_start"', status_code=422)
    order.refresh_from_db()
    assert (order.state, order.means, order.expires_at) == ("open", "", until)
    assert (order.terms_of_sale, order.terms_accepted_at, order.start_requested_at) == (None, None, None)
    assert not order.payments.exists()
    assert standin.sessions() == []


def test_the_request_is_recorded_with_its_time_and_the_terms_in_force(
    browser: Client, someone: User, now: dt.datetime, standin: Standin, terms: Page
) -> None:
    order = order_in(1, make_customer(someone), now)
    assert pay(browser, order, start="on") == 302
    assert order.payments.count() == 1
    assert order.terms_of_sale == terms
    assert order.start_requested_at is not None
    assert order.start_requested_at == order.terms_accepted_at
    assert order.start_requested_at >= now
    assertContains(browser.get(reverse("billing:pay", args=[order.public_id])), "checked", count=2)


def test_further_ahead_only_the_terms_are_recorded(
    browser: Client, someone: User, now: dt.datetime, standin: Standin, terms: Page
) -> None:
    order = order_in(30, make_customer(someone), now)
    assertNotContains(browser.get(reverse("billing:pay", args=[order.public_id])), REQUEST)
    assert pay(browser, order) == 302
    assert (order.terms_of_sale, order.start_requested_at) == (terms, None)
    assert order.terms_accepted_at is not None


def test_a_business_is_not_asked(browser: Client, someone: User, now: dt.datetime, terms: Page) -> None:
    company = make_organisation_customer(make_organisation(someone, name="Atelier Essai"))
    order = order_in(1, company, now, by=someone)
    page = browser.get(reverse("billing:pay", args=[order.public_id]))
    assertNotContains(page, REQUEST)
    assertContains(page, "Atelier Essai")
    assert pay(browser, order, means="terms") == 302
    assert (order.state, order.terms_of_sale, order.start_requested_at) == ("accepted", terms, None)
    assert order.terms_accepted_at is not None


def test_no_means_of_payment_goes_round_the_request(
    browser: Client, someone: User, now: dt.datetime, standin: Standin, trial: TrialHandler
) -> None:
    trial.desk_until = now + dt.timedelta(hours=20)
    order = order_in(1, make_customer(someone, terms_days=30), now)
    for means in ("terms", "desk", "card"):
        assert (means, pay(browser, order, means=means)) == (means, 422)
    assert (order.state, order.means, order.terms_of_sale) == ("open", "", None)


def test_an_order_that_is_over_records_no_agreement(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    order = order_in(1, make_customer(someone), now - dt.timedelta(minutes=20))
    assert pay(browser, order, start="on") == 409
    assert (order.terms_of_sale, order.start_requested_at) == (None, None)


def test_what_is_paid_at_the_counter_names_the_terms_that_govern_it(now: dt.datetime, terms: Page) -> None:
    order = make_order(now=now)
    take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=now)
    order.refresh_from_db()
    assert (order.terms_of_sale, order.terms_accepted_at, order.start_requested_at) == (terms, None, None)


def test_the_terms_in_english_are_recorded_for_who_read_those(
    browser: Client, someone: User, now: dt.datetime, standin: Standin
) -> None:
    english = Page.objects.create(
        slug="cgv", language="en", title="Terms", body="New.", version=92, valid_from=timezone.localdate()
    )
    order = order_in(30, make_customer(someone), now)
    browser.post(
        reverse("billing:pay", args=[order.public_id]), {"means": "card"}, headers={"Accept-Language": "en"}
    )
    order.refresh_from_db()
    assert order.terms_of_sale == english


def test_terms_accepted_without_saying_which_are_refused_by_the_database(now: dt.datetime) -> None:
    order = make_order(now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(terms_accepted_at=now)
