"""The accountant's vectors (billing.md §9) from the quote to the money received, to the cent.

V1 to V5, V10 and V12; V11 is in `test_balancing.py`.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from billing.collecting.charging import charges_on
from billing.collecting.penalties import Charges
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.documents.attaching import xml_of
from billing.documents.content import content
from billing.documents.discounting import Discount
from billing.documents.facturx import Rows, fields
from billing.models import Document, Seller
from billing.money import Basis
from billing.quotes.amounts import worked_out
from billing.quotes.offers import OfferedLine
from bookings.models import Site
from bookings.services.rentals.balancing import make_balance
from tests.billing.schematron import broken_rules
from tests.bookings.rentals.steps import AFTER, make_accepted
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
D = Decimal
V1 = (("210.50", "20.00"), ("87.27", "10.00"), ("37.92", "5.50"))


def lines(*priced: tuple[str, str], basis: Basis = "ht") -> list[OfferedLine]:
    return [OfferedLine("Le Quai", D(1), D(price), basis, D(rate)) for price, rate in priced]


def invoiced(site: Site, offered: list[OfferedLine], discount: Discount | None = None) -> Document:
    """Quote, accept, invoice: what the quote announced is what is invoiced."""
    rental = make_accepted(site, offered, discount=discount, percent=0)
    announced = worked_out([line.priced for line in offered], discount.excl if discount else D(0))
    made = make_balance(rental=rental, lines=offered, by=None, now=AFTER)
    document = Document.objects.with_balance().get(order=made.order_id)
    assert document.total_incl == sum(each.amounts.incl for each in announced)
    return document


def paid(document: Document) -> Document:
    received = Received(
        document.seller, document.customer, document.total_incl, AFTER.date(), document.number
    )
    part = Part(document.owed, document)
    receive_transfer(received, [part], by=make_user(role="manager"), now=AFTER)
    return Document.objects.with_balance().get(pk=document.pk)


VECTORS = {
    "V1": (lines(*V1), None, ("335.69", "52.92", "388.61")),
    "V2": (lines(("72.67", "20.00"), ("37.92", "5.50")), None, ("110.59", "16.62", "127.21")),
    "V3": (lines(*V1), Discount(D("33.57"), "Remise de 10\u00a0%"), ("302.12", "47.62", "349.74")),
    "V4": (lines(*[("3.33", "20.00")] * 7), None, ("23.31", "4.66", "27.97")),
    "V5a": (lines(("9.99", "20.00"), basis="ttc"), None, ("8.33", "1.66", "9.99")),
    "V5b": (lines(("25.00", "20.00"), basis="ttc"), None, ("20.83", "4.17", "25.00")),
    "V5c": (lines(("250.00", "20.00"), basis="ttc"), None, ("208.33", "41.67", "250.00")),
    "V5d": (lines(("12.50", "20.00"), basis="ttc"), None, ("10.42", "2.08", "12.50")),
}


# The sums of the others are proven by themselves in tests/billing/test_money.py and test_kinds.py.
IN_EVERY_RUN = ("V1", "V3", "V5a")


@pytest.mark.parametrize(
    "name", [name if name in IN_EVERY_RUN else pytest.param(name, marks=pytest.mark.soak) for name in VECTORS]
)
def test_from_the_quote_to_the_money_received(site: Site, name: str) -> None:
    offered, discount, expected = VECTORS[name]
    document = invoiced(site, offered, discount)
    assert (document.total_excl, document.total_vat, document.total_incl) == tuple(map(D, expected))
    rows = Rows.of(document)
    assert tuple(fields(rows)[code] for code in ("BT-109", "BT-110", "BT-112")) == expected
    assert broken_rules(xml_of(rows)) == []
    received = paid(document)
    assert (received.paid, received.owed) == (D(expected[2]), D("0.00"))


def test_v10_under_franchise(site: Site) -> None:
    site.seller.vat_regime = Seller.VatRegime.FRANCHISE
    site.seller.save()
    document = invoiced(site, lines(("184.20", "0.00")))
    assert (document.total_vat, document.total_incl) == (D("0.00"), D("184.20"))
    assert any("293 B" in mention for mention in content(document)["mentions"])
    assert [row["BT-118"] for row in fields(Rows.of(document))["BG-23"]] == ["E"]
    assert paid(document).owed == D("0.00")


def test_v12_thirty_days_late_on_the_invoice_of_v1(site: Site) -> None:
    rental = make_accepted(site, lines(*V1), percent=0)
    customer = rental.quote.customer
    customer.buyer, customer.siren, customer.terms_days = "business", "732829320", 30
    customer.save()
    made = make_balance(rental=rental, lines=lines(*V1), by=None, now=AFTER)
    document = Document.objects.with_balance().get(order=made.order_id)
    assert document.due_on is not None
    charges = charges_on(document, today=document.due_on + timedelta(days=30))
    assert charges == Charges(30, D("3.88"), D("40.00"))
