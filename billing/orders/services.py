"""Placing an order: the price agreed, line by line."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import prefetch_related_objects

from billing import fulfilment
from billing.models import Customer, Order, OrderLine, Product, Seller
from billing.money import ZERO, Amounts, Basis, Priced, line_amount, line_amounts
from billing.sellers import require_complete
from members.inserting import insert
from members.models import User
from members.transactions import require_transaction


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to order. `unit_price` is in euros on the product's price basis (TTC or HT).

    `agreed` is what an accepted quote says of it, whatever the product and the seller say today.
    """

    kind: str
    product: Product
    label: str
    detail: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    supplied_on: dt.date | None = None
    agreed: Priced | None = None

    def priced_for(self, seller: Seller) -> Priced:
        """The line's amount, at the rate `seller` charges."""
        if self.agreed is not None:
            return self.agreed
        rate = self.product.vat_rate if seller.charges_vat else Decimal("0.00")
        basis: Basis = "ht" if self.product.price_basis == "ht" else "ttc"
        return Priced(line_amount(self.quantity, self.unit_price), rate, basis)


def place_order(
    *,
    customer: Customer,
    seller: Seller,
    site_code: str,
    lines: Sequence[NewLine],
    by: User | None,
    expires_at: dt.datetime | None,
    now: dt.datetime,
) -> Order:
    """Step: write an open order and its lines, as `open_order`; the order comes with its lines read."""
    order = open_order(
        customer=customer,
        seller=seller,
        site_code=site_code,
        lines=lines,
        by=by,
        expires_at=expires_at,
        now=now,
    )[0].order
    prefetch_related_objects([order], "lines")
    return order


def open_order(
    *,
    customer: Customer,
    seller: Seller,
    site_code: str,
    lines: Sequence[NewLine],
    by: User | None,
    expires_at: dt.datetime | None,
    now: dt.datetime,
) -> list[OrderLine]:
    """Step: write an open order, and return its lines; VAT is worked out once per rate and shared.

    Raises `SellerIncomplete` where something is to pay that could not be invoiced.
    """
    require_transaction()
    priced = [line.priced_for(seller) for line in lines]
    if any(each.amount != ZERO for each in priced):
        require_complete(seller)
    order = Order(
        customer=customer,
        seller=seller,
        site_code=site_code,
        placed_by=by,
        expires_at=expires_at,
        created_at=now,
    )
    insert(order)
    rows = [
        _row(order, position, line, price, amounts)
        for position, (line, price, amounts) in enumerate(
            zip(lines, priced, line_amounts(priced), strict=True), 1
        )
    ]
    for row in rows:
        insert(row)
    return rows


def _row(order: Order, position: int, line: NewLine, priced: Priced, amounts: Amounts) -> OrderLine:
    fulfilment.handler_for(line.kind)  # an unknown kind is refused before anything is promised
    return OrderLine(
        order=order,
        position=position,
        kind=line.kind,
        product=line.product,
        label=line.label,
        detail=line.detail,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_basis=priced.basis,
        vat_rate=priced.rate,
        amount_excl=amounts.excl,
        amount_vat=amounts.vat,
        amount_incl=amounts.incl,
        supplied_on=line.supplied_on,
    )


def lock(order: Order) -> Order:
    """Step: take the order's lock and read it anew."""
    require_transaction()
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("seller", "customer")
        .get(pk=order.pk)
    )
