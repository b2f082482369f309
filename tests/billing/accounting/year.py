"""A small year made by use cases: V13 as far as desks go, an advance, terms, transfers, several rates."""

import datetime as dt
from decimal import Decimal

from django.db import transaction

from billing.documents.services import issue_advance_invoice, issue_final_invoice
from billing.models import Order, Refund, Seller
from billing.payments.refunds import repay_at_desk
from billing.settlement.services import reverse_line, take_at_desk
from members.models import User
from tests.billing.collecting.steps import enter, make_debtor, make_due
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line
from tests.factories.members import make_user

D = Decimal
START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    return START + dt.timedelta(days=number)


def make_books(**fields: object) -> Seller:
    """A seller who sold 100.00 (60.00 go back), 9.99, 1,440.00 with an advance, 36.00 and 55.00."""
    seller = make_seller(siren="732829320", **fields)
    by = make_user(role="manager")
    make_pass(seller, by)
    counter = make_order(
        seller=seller, customer=make_customer(name="Zoé Œuvrard — “l’Été” €"), price="9.99", now=day(5)
    )
    take_at_desk(order=counter, method="cash", by=by, now=day(5))
    make_stay(seller)
    part = make_due(day(30), "36.00", seller=seller)
    enter(part, "12.00", now=day(31), by=by)
    make_mixed(seller, by)
    return seller


def make_pass(seller: Seller, by: User) -> None:
    """Ten half-days, of which six are given back."""
    product = make_product(seller, report_category="carnets")
    order = make_order(
        seller=seller, customer=make_customer(name="Client"), lines=[new_line(product, "100.00")], now=day(0)
    )
    take_at_desk(order=order, method="terminal", by=by, now=day(0))
    with transaction.atomic():
        done = reverse_line(line=order.lines.get(), kept=D("40.00"), by=by, now=day(3))
    assert done.refund is not None
    repay_at_desk(refund=Refund.objects.get(pk=done.refund.pk), by=by, now=day(4))


def make_stay(seller: Seller) -> None:
    """V11: an advance of 30 %, then the final invoice; paid by transfer in two parts."""
    customer = make_debtor(name="Brume")
    room = make_product(seller, price_basis="ht", revenue_account="708300", report_category="salles")
    advance = _order(seller, customer=customer, lines=[new_line(room, "360.00")], now=day(10))
    with transaction.atomic():
        first = issue_advance_invoice(advance, list(advance.lines.all()), None, now=day(10))
    enter(first, "432.00", now=day(12), reference="VIR ACOMPTE")
    order = _order(seller, customer=customer, lines=[new_line(room, "1200.00")], now=day(20))
    with transaction.atomic():
        final = issue_final_invoice(order, list(order.lines.all()), [first], None, now=day(20))
    enter(final, "500.00", now=day(21), reference="VIR SOLDE 1")
    enter(final, "508.00", now=day(22), reference="VIR SOLDE 2")


def make_mixed(seller: Seller, by: User) -> None:
    """A meal at 10 % and damages outside VAT on one invoice, paid by cheque."""
    lines = [
        new_line(make_product(seller, vat_rate=D("10.00"), report_category="repas"), "22.00", label="Repas"),
        new_line(make_product(seller, vat_rate=D("0.00"), revenue_account="758000"), "33.00", label="Dégâts"),
    ]
    order = make_order(seller=seller, customer=make_customer(), lines=lines, now=day(40))
    take_at_desk(order=order, method="cheque", by=by, now=day(40))


def _order(seller: Seller, **fields: object) -> Order:
    order = make_order(seller=seller, **fields)  # type: ignore[arg-type]  # passed on
    Order.objects.filter(pk=order.pk).update(state="accepted", accepted_at=fields["now"], means="terms")
    order.refresh_from_db()
    return order
