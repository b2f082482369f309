"""What the order button agrees to: the terms of sale, and that a consumer's service may begin."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import get_language

from billing.errors import StartNotRequested
from billing.models import Customer, Order
from billing.orders.services import lock
from billing.withdrawal import starts_before_the_end
from members.formats import known
from members.models import Page
from members.transactions import own_transaction, require_transaction

TERMS = "cgv"
FRENCH = "fr"


def must_request_start(customer: Customer, supplied_on: dt.date, now: dt.datetime) -> bool:
    """Whether `customer` is a consumer who must ask for a service that begins before they could withdraw."""
    if customer.is_business:
        return False
    return starts_before_the_end(supplied_on, ordered_on=timezone.localdate(now))


def order_must_request_start(order: Order, now: dt.datetime) -> bool:
    """The same of an order: whether any of its lines has to be asked for."""
    return any(
        line.supplied_on is not None and must_request_start(order.buyer, line.supplied_on, now)
        for line in order.lines.all()
    )


def terms_in_force(language: str, now: dt.datetime) -> Page | None:
    """The terms of sale of that day, in French where there are no others."""
    pages = Page.objects.on(timezone.localdate(now)).filter(slug=TERMS, language__in={language, FRENCH})
    found = list(pages)
    return next((page for page in found if page.language == language), next(iter(found), None))


def agree(order: Order, *, start_requested: bool, now: dt.datetime) -> None:
    """Step: record the terms accepted and the consumer's request to begin; refused where that one is missing.

    The terms are those of the language the page was read in.
    """
    require_transaction()
    asked = order_must_request_start(order, now)
    if asked and not start_requested:
        raise StartNotRequested
    order.terms_of_sale = terms_in_force(known(get_language()), now)
    order.terms_accepted_at = now if order.terms_of_sale else None
    if asked:
        order.start_requested_at = now
    order.save(update_fields=["terms_of_sale", "terms_accepted_at", "start_requested_at"])


def note_terms(order: Order, *, now: dt.datetime) -> None:
    """Step: an order that nobody agreed to on a page (at the counter) still says which terms govern it."""
    require_transaction()
    if order.terms_of_sale_id is None:
        order.terms_of_sale = terms_in_force(order.customer.language, now)


@own_transaction
def agree_to_pay(*, order: Order, start_requested: bool, now: dt.datetime) -> None:
    """Record what pressing the button of the pay page agrees to; an order that is over is left as it was."""
    locked = lock(order)
    if locked.state == Order.State.OPEN and not (locked.expires_at and locked.expires_at <= now):
        agree(locked, start_requested=start_requested, now=now)
