"""Booking a space: policy, price, order, places, in one transaction (style §4)."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial

from django.db import connection, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.errors import NoTerms
from billing.models import Customer, Order, Product
from billing.money import ZERO
from billing.orders.agreeing import agree
from billing.orders.services import NewLine, open_order
from billing.settlement import services as settlement
from bookings import errors, policy
from bookings.models import Booking, Site, Space
from bookings.period import Period
from bookings.pricing import Price
from bookings.services import availability, rules
from bookings.services.expiring import expire_in_the_way, is_overdue_in_the_way
from bookings.services.occupying import occupy
from bookings.services.rules import Rules
from members.formats import day as say_day
from members.formats import hours, plain
from members.inserting import insert
from members.models import User
from members.transactions import own_transaction, require_transaction

HOLD = timedelta(minutes=15)
TRIES = 20
LINE_KIND = "booking"
FIELDS = [field.attname for field in Customer._meta.concrete_fields]
LOCK = " ".join(("SELECT", ", ".join(FIELDS), "FROM billing_customer WHERE id = %s FOR NO KEY UPDATE"))
"""Composed once: doing it each time took longer than the lock (see services/rules.py)."""


def book_space(
    *,
    space: Space,
    period: Period,
    customer: Customer,
    by: User,
    now: datetime,
    on_terms: bool = False,
    start_requested: bool = False,
) -> Booking:
    """Hold `space` for `period` and open its order; accept it at once if nothing is to pay or on terms.

    The price is computed here, whatever the page showed. Raises a `Refused` (closed, too far ahead,
    taken, with `alternatives`…); nothing is written then. On terms a consumer must have asked, by
    `start_requested`, that the service begin before they could withdraw, where it does.
    """
    attempt = partial(
        _book_space,
        space=space,
        period=period,
        customer=customer,
        by=by,
        now=now,
        on_terms=on_terms,
        start_requested=start_requested,
    )
    try:
        try:
            return attempt()
        except errors.AlreadyTaken:
            if not is_overdue_in_the_way(rules.atoms_of(space), period, now=now):
                raise
            return attempt(clearing=True)
    except errors.AlreadyTaken as refused:
        refused.alternatives = availability.alternatives(space=space, period=period, now=now)
        raise


@own_transaction
def _book_space(
    *,
    space: Space,
    period: Period,
    customer: Customer,
    by: User,
    now: datetime,
    on_terms: bool,
    start_requested: bool,
    clearing: bool = False,
) -> Booking:
    """Book; `clearing` first ends the holds in the way whose time is up, which is seldom needed."""
    payer = _lock(customer, by)
    read = _rules_for(space.site, period, payer, now)
    chosen = read.premises.space(space.site_id, space.pk)
    if chosen is None:
        raise errors.OutOfOrder  # it was taken down a moment ago
    booking = _hold(space=chosen, period=period, customer=payer, by=by, now=now, read=read, clearing=clearing)
    return _settle(booking, on_terms=on_terms, start_requested=start_requested, now=now)


@own_transaction
def book_any(
    *,
    site: Site,
    kind: str,
    period: Period,
    customer: Customer,
    by: User,
    now: datetime,
    equipment: Collection[str] = (),
    capacity: int = 1,
    on_terms: bool = False,
    start_requested: bool = False,
) -> Booking:
    """Book whichever space of `kind` is free, chosen at random among equals, so that racers rarely meet.

    Raises `NothingFree` when there is none left, or the refusals of `book_space`; nothing is written then.
    """
    payer = _lock(customer, by)
    read = _rules_for(site, period, payer, now)
    for _try in range(TRIES):
        free = availability.free_spaces(
            site=site, kind=kind, period=period, now=now, equipment=equipment, capacity=capacity
        )
        chosen = _pick(free, equipment)
        if chosen is None:
            _refuse_whole(site, kind, period, read, now)
            raise errors.NothingFree
        try:
            with transaction.atomic():
                booking = _hold(
                    space=chosen, period=period, customer=payer, by=by, now=now, read=read, clearing=True
                )
        except errors.AlreadyTaken:
            continue
        return _settle(booking, on_terms=on_terms, start_requested=start_requested, now=now)
    raise errors.NothingFree


def _pick(free: Collection[Space], equipment: Collection[str]) -> Space | None:
    """One of the smallest, at random; those kept for who needs them only when there is nothing else."""
    if not free:
        return None
    ranks = {space.pk: availability.rank(space, equipment) for space in free}
    best = min(ranks.values())
    return secrets.choice([space for space in free if ranks[space.pk] == best])


def _refuse_whole(site: Site, kind: str, period: Period, read: Rules, now: datetime) -> None:
    """Say that the house is closed, rather than full, when that is why nothing is free."""
    space = next(iter(read.premises.listed(site, kinds=[kind])), None)
    if space is not None:
        policy.check(facts_for(space, period, read), now=now)


def _lock(customer: Customer, by: User) -> Customer:
    """Step: take the payer's lock (its open holds are counted), refusing who may not order in its name."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [customer.pk])
        locked = Customer.from_db(connection.alias, FIELDS, cursor.fetchone())
    theirs = locked.user_id == by.pk or by.has_role("manager")
    if not theirs and not Customer.objects.payable_by(by).filter(pk=locked.pk).exists():
        raise errors.NotYourCustomer
    return locked


def _rules_for(site: Site, period: Period, customer: Customer, now: datetime) -> Rules:
    day = period.local(site.zone).start.date()
    return rules.load(site, day=day, customer=customer, now=now)


def facts_for(space: Space, period: Period, read: Rules) -> policy.Facts:
    """Gather what the policy judges, from what was read."""
    site, opening = read.site, read.opening_of(period, space)
    return policy.Facts(
        period=period,
        opening=opening,
        zone=site.zone,
        by_half_days=space.is_desk,
        horizon_days=site.horizon_days,
        notice_minutes=site.notice_minutes,
        shortest_minutes=site.shortest_minutes,
        longest_hours=site.longest_hours,
        most_holds=site.open_holds,
        open_holds=read.open_holds,
        next_open=None if opening.is_open else read.next_open(opening.day, space),
        out_of_order=not (space.is_active and site.is_open) or bool(space.out_of_order_reason),
    )


def _hold(
    *,
    space: Space,
    period: Period,
    customer: Customer,
    by: User,
    now: datetime,
    read: Rules,
    clearing: bool,
) -> Booking:
    """Step: check, price, open the order and take the places."""
    require_transaction()
    facts = facts_for(space, period, read)
    policy.check(facts, now=now)
    price = read.price(space, period, facts.opening)
    if price is None:
        raise errors.NotForSale
    if clearing:
        expire_in_the_way(rules.atoms_of(space), period, now=now)
    product = read.premises.products[price.product_id]
    new = line_for(space, period, price, product=product, day=facts.opening.day, customer=customer, by=by)
    line = open_order(
        customer=customer,
        seller=read.site.seller,
        site_code=read.site.code,
        lines=[new],
        by=by,
        expires_at=now + HOLD,
        now=now,
    )[0]
    booking = Booking(
        site=read.site,
        space=space,
        during=period.range,
        customer=customer,
        booked_by=by,
        line=line,
        state=Booking.State.HELD,
        held_until=now + HOLD,
        created_at=now,
    )
    insert(booking)
    occupy(booking)
    return booking


def line_for(
    space: Space,
    period: Period,
    price: Price,
    *,
    product: Product,
    day: date,
    customer: Customer,
    by: User,
) -> NewLine:
    """The line as the invoice will word it, in the customer's language, with who comes if a company pays."""
    local = period.local(space.site.zone)
    with override(customer.language):
        said = say_day(day, customer.language, year=True)
        when = f"{said}, {plain(hours(local.start, local.end, customer.language))}"
        person = f", {by.name}" if customer.kind == Customer.Kind.ORGANISATION and by.name else ""
        label = _("%(space)s, %(site)s") % {"space": space.label, "site": space.site.name}
    return NewLine(
        kind=LINE_KIND,
        product=product,
        label=label,
        detail=f"{when}{person}"[:200],
        quantity=price.quantity,
        unit=price.unit,
        unit_price=price.unit_price,
        supplied_on=day,
    )


def _settle(booking: Booking, *, on_terms: bool, start_requested: bool, now: datetime) -> Booking:
    """Step: accept the order at once where nothing is to pay, or where the customer pays on invoice."""
    line = booking.line
    if line is None:
        return booking
    order, is_free = line.order, line.amount_incl == ZERO
    if not (is_free or on_terms):
        return booking
    prefetch_related_objects([order], "lines")
    if not is_free:
        _refuse_without_terms(booking)
        agree(order, start_requested=start_requested, now=now)
    settlement.accept(order, means=Order.Means.FREE if is_free else Order.Means.TERMS, now=now)
    return order.lines.all()[0].booking  # as it was read, and confirmed, under its lock


def _refuse_without_terms(booking: Booking) -> None:
    if booking.customer is None or not booking.customer.has_terms:
        raise NoTerms
