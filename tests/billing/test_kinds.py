"""Advance invoices, final invoices, discounts: the accountant's vectors through what is issued."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from billing.documents.content import content
from billing.documents.discounting import discounted
from billing.documents.services import (
    Discount,
    issue_advance_invoice,
    issue_credit_note,
    issue_final_invoice,
    issue_invoice,
    remaining,
)
from billing.documents.verifying import broken_documents
from billing.errors import (
    AdvanceBeyondInvoice,
    AdvanceDeducted,
    DiscountBeyondInvoice,
    MoreThanRemains,
    NotAnAdvance,
)
from billing.models import (
    Allocation,
    Customer,
    Document,
    DocumentDeduction,
    DocumentSeries,
    Order,
    Payment,
    Seller,
)
from billing.money import Priced, line_amounts, round2, vat_by_rate
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]
D = Decimal
V1 = (("210.50", "20.00"), ("87.27", "10.00"), ("37.92", "5.50"))


def place(now: dt.datetime, lines: Sequence[tuple[str, str]], **parties: Any) -> Order:
    """An order of lines priced excluding VAT: (price, rate)."""
    seller = parties.pop("seller", None) or make_seller()
    customer = parties.pop("customer", None) or make_customer(terms_days=30)
    new = [new_line(make_product(seller, price_basis="ht", vat_rate=D(rate)), price) for price, rate in lines]
    return make_order(seller=seller, customer=customer, lines=new, now=now)


def invoice(now: dt.datetime, *lines: tuple[str, str], **fields: Any) -> Document:
    discount = fields.pop("discount", None)
    order = place(now, lines, **fields)
    with transaction.atomic():
        return issue_invoice(order, list(order.lines.all()), None, now=now, discount=discount)


def advance(now: dt.datetime, *lines: tuple[str, str], **parties: Any) -> Document:
    order = place(now, lines or (("360.00", "20.00"),), **parties)
    with transaction.atomic():
        return issue_advance_invoice(order, list(order.lines.all()), None, now=now)


def final(
    now: dt.datetime, advances: Sequence[Document], *lines: tuple[str, str], **parties: Any
) -> Document:
    parties = {"seller": advances[0].seller, "customer": advances[0].customer, **parties}
    order = place(now, lines or (("1200.00", "20.00"),), **parties)
    with transaction.atomic():
        return issue_final_invoice(order, list(order.lines.all()), advances, None, now=now)


def sums(document: Document) -> tuple[Decimal, Decimal, Decimal]:
    return document.total_excl, document.total_vat, document.total_incl


def owed(document: Document) -> Decimal:
    return Document.objects.with_balance().get(pk=document.pk).owed


def test_v1_three_rates(now: dt.datetime) -> None:
    document = invoice(now, *V1)
    assert sums(document) == (D("335.69"), D("52.92"), D("388.61"))
    assert [(row.base, row.vat) for row in document.vat_rows.all()] == [
        (D("210.50"), D("42.10")),
        (D("87.27"), D("8.73")),
        (D("37.92"), D("2.09")),
    ]


def test_v2_a_line_at_a_reduced_price(now: dt.datetime) -> None:
    assert sums(invoice(now, ("72.67", "20.00"), ("37.92", "5.50"))) == (D("110.59"), D("16.62"), D("127.21"))


def test_v3_a_discount_on_the_document_is_shared_by_rate(now: dt.datetime) -> None:
    document = invoice(now, *V1, discount=Discount(D("33.57"), "Remise de 10\u00a0%"))
    assert [(row.base, row.vat) for row in document.vat_rows.all()] == [
        (D("189.45"), D("37.89")),
        (D("78.54"), D("7.85")),
        (D("34.13"), D("1.88")),
    ]
    assert [line.discount_excl for line in document.lines.all()] == [D("21.05"), D("8.73"), D("3.79")]
    assert document.total_incl == D("349.74")
    printed = content(document)
    assert [row["amount"] for row in printed["lines"]] == ["210,50\u00a0€", "87,27\u00a0€", "37,92\u00a0€"]
    assert [(row["label"], row["value"]) for row in printed["totals"]][:3] == [
        ("Total HT avant remise", "335,69\u00a0€"),
        ("Remise de 10\u00a0%", "−33,57\u00a0€"),
        ("Total HT", "302,12\u00a0€"),
    ]
    assert not list(broken_documents(document.series))


def test_v4_vat_once_a_rate(now: dt.datetime) -> None:
    assert sums(invoice(now, *[("3.33", "20.00")] * 7)) == (D("23.31"), D("4.66"), D("27.97"))


@pytest.mark.parametrize(
    ("incl", "excl", "vat"),
    [
        ("9.99", "8.33", "1.66"),
        ("25.00", "20.83", "4.17"),
        ("250.00", "208.33", "41.67"),
        ("12.50", "10.42", "2.08"),
    ],
)
def test_v5_prices_with_vat_keep_their_total(now: dt.datetime, incl: str, excl: str, vat: str) -> None:
    order = make_order(price=incl, now=now)
    with transaction.atomic():
        document = issue_invoice(order, list(order.lines.all()), None, now=now)
    assert sums(document) == (D(excl), D(vat), D(incl))


def test_v10_under_franchise_no_vat_and_its_mention(now: dt.datetime) -> None:
    document = invoice(now, ("184.20", "20.00"), seller=make_seller(vat_regime=Seller.VatRegime.FRANCHISE))
    assert sums(document) == (D("184.20"), D("0.00"), D("184.20"))
    printed = content(document)
    assert any("293 B" in mention for mention in printed["mentions"])
    assert printed["totals"][-1] == {"label": "Total net de taxes", "value": "184,20\u00a0€"}
    assert not any("TVA" in row for row in printed["seller"]["rows"])


def test_v11_the_final_invoice_shows_full_bases_and_deducts_the_advance(now: dt.datetime) -> None:
    first = advance(now)
    assert (first.number, *sums(first)) == ("AC-2026-00001", D("360.00"), D("72.00"), D("432.00"))
    document = final(now, [first])
    assert (document.number, *sums(document)) == ("FS-2026-00001", D("1200.00"), D("240.00"), D("1440.00"))
    row = document.deductions.get()
    assert (row.advance, row.rate, row.base, row.vat) == (first, D("20.00"), D("360.00"), D("72.00"))
    assert (owed(first), owed(document)) == (D("432.00"), D("1008.00"))
    assert document.total_vat - row.vat == D("168.00")
    printed = content(document)
    assert (printed["title"], content(first)["title"]) == ("Facture de solde", "Facture d’acompte")
    assert [row["value"] for row in printed["totals"]] == [
        f"{value}\u00a0€"
        for value in ("1\u202f200,00", "240,00", "1\u202f440,00", "−432,00", "168,00", "1\u202f008,00")
    ]
    for series in DocumentSeries.objects.all():
        assert not list(broken_documents(series))


def test_a_payment_of_the_rest_settles_a_final_invoice(now: dt.datetime) -> None:
    first = advance(now)
    order = place(now, [("1200.00", "20.00")], seller=first.seller, customer=first.customer)
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        method=Payment.Method.TRANSFER,
        state=Payment.State.SUCCEEDED,
        amount=D("1008.00"),
        started_at=now,
        succeeded_at=now,
        settled_at=now,
    )
    with transaction.atomic():
        document = issue_final_invoice(order, list(order.lines.all()), [first], payment, now=now)
    assert owed(document) == D("0.00")
    assert Allocation.objects.get(payment=payment).amount == D("1008.00")


def test_what_was_credited_of_an_advance_is_not_deducted(now: dt.datetime) -> None:
    first = advance(now)
    with transaction.atomic():
        note = issue_credit_note(first, {first.lines.get(): D("132.00")}, now=now)
    assert (note.number, note.corrects) == ("AV-2026-00001", first)
    document = final(now, [first])
    row = document.deductions.get()
    assert (row.base, row.vat, owed(document)) == (D("250.00"), D("50.00"), D("1140.00"))


def test_an_advance_is_deducted_once_and_then_stands(now: dt.datetime) -> None:
    first = advance(now)
    document = final(now, [first])
    with pytest.raises(AdvanceDeducted):
        final(now, [first])
    with pytest.raises(AdvanceDeducted), transaction.atomic():
        issue_credit_note(first, {first.lines.get(): D("1.00")}, now=now)
    assert (Document.objects.count(), DocumentDeduction.objects.count()) == (2, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentDeduction.objects.create(
            document=document, advance=first, rate=D("20.00"), base=D("1.00"), vat=D("0.20")
        )


def test_only_advances_of_the_same_customer_are_deducted(now: dt.datetime) -> None:
    first, other = advance(now), make_customer(terms_days=30)
    with pytest.raises(NotAnAdvance):
        final(now, [first], customer=other)
    with pytest.raises(NotAnAdvance):
        final(now, [invoice(now, ("10.00", "20.00"), seller=first.seller, customer=first.customer)])
    assert not Document.objects.filter(kind="final").exists()


def test_more_than_is_invoiced_at_a_rate_is_not_deducted(now: dt.datetime) -> None:
    first = advance(now)
    with pytest.raises(AdvanceBeyondInvoice):
        final(now, [first], ("300.00", "20.00"), ("900.00", "10.00"))
    assert Document.objects.get() == first


def test_a_final_invoice_is_credited_line_by_line(now: dt.datetime) -> None:
    document = final(now, [advance(now)])
    line = document.lines.get()
    with transaction.atomic():
        note = issue_credit_note(document, {line: D("1440.00")}, now=now)
    assert (sums(note), remaining(line).incl) == (sums(document), D("0.00"))
    assert content(note)["title"] == "Avoir"


def test_a_credit_note_gives_back_the_price_after_the_discount(now: dt.datetime) -> None:
    document = invoice(now, *V1, discount=Discount(D("33.57"), "Remise"))
    line = document.lines.first()
    assert line is not None
    with pytest.raises(MoreThanRemains), transaction.atomic():
        issue_credit_note(document, {line: D("227.35")}, now=now)
    with transaction.atomic():
        note = issue_credit_note(document, {line: D("227.34")}, now=now)
    assert sums(note) == (D("189.45"), D("37.89"), D("227.34"))
    assert content(note)["lines"][0]["amount"] == "189,45\u00a0€"


def test_a_discount_beyond_the_document_is_refused(now: dt.datetime) -> None:
    with pytest.raises(DiscountBeyondInvoice):
        invoice(now, ("10.00", "20.00"), discount=Discount(D("10.01"), "Remise"))
    assert not Document.objects.exists()


def test_what_was_deducted_never_changes(now: dt.datetime) -> None:
    document = final(now, [advance(now)])
    with pytest.raises(Error), transaction.atomic():
        document.deductions.update(base=D("1.00"))
    with pytest.raises(Error), transaction.atomic():
        document.deductions.all().delete()
    assert document.deductions.get().base == D("360.00")


cents = st.integers(min_value=0, max_value=500_000).map(lambda value: D(value) / 100)
rates = st.sampled_from([D("20.00"), D("10.00"), D("5.50"), D("0.00")])
priced = st.builds(Priced, amount=cents, rate=rates, basis=st.sampled_from(["ttc", "ht"]))


@given(lines=st.lists(priced, min_size=1, max_size=8), percent=st.integers(0, 100))
def test_a_discount_never_loses_a_cent(lines: list[Priced], percent: int) -> None:
    amounts = line_amounts(lines)
    whole = sum((part.excl for part in amounts), D(0))
    discount = (whole * percent / 100).quantize(D("0.01"))
    left, rows, shares = discounted(discount, amounts, [line.rate for line in lines])
    assert sum(shares, D(0)) == discount
    assert sum((row.amounts.excl for row in rows), D(0)) == whole - discount
    assert all(row.amounts.vat == round2(row.amounts.excl * row.rate / 100) for row in rows)
    for row in rows:
        mine = [part for line, part in zip(lines, left, strict=True) if line.rate == row.rate]
        assert sum((part.excl for part in mine), D(0)) == row.amounts.excl
        assert sum((part.vat for part in mine), D(0)) == row.amounts.vat
    assert all(part.excl >= 0 and part.vat >= 0 for part in left)
    assert len(rows) == len(vat_by_rate(lines))


@pytest.mark.parametrize(("paid", "credited"), [("0.00", "0.00"), ("432.00", "0.00"), ("100.00", "200.00")])
def test_invoices_less_credit_notes_are_payments_and_what_is_owed(
    now: dt.datetime, paid: str, credited: str
) -> None:
    first = advance(now)
    customer: Customer = first.customer
    if D(credited):
        with transaction.atomic():
            note = issue_credit_note(first, {first.lines.get(): D(credited)}, now=now)
        Allocation.objects.create(document=first, credit_note=note, amount=note.total_incl, at=now)
    if D(paid):
        payment = Payment.objects.create(
            order=first.order,
            attempt=1,
            method="transfer",
            state="succeeded",
            amount=D(paid),
            started_at=now,
            succeeded_at=now,
            settled_at=now,
        )
        Allocation.objects.create(document=first, payment=payment, amount=D(paid), at=now)
    document = final(now, [first])
    sold = document.total_incl  # the advance is in it
    balance = sum(each.owed for each in Document.objects.invoices().with_balance().filter(customer=customer))
    assert sold == D(paid) + balance
