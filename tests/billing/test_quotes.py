"""Quotes: sums and advances that hold for any lines, arrows, and the PDF."""

import datetime as dt
import io
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from django.db import IntegrityError, InternalError, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from billing.documents.discounting import Discount
from billing.errors import DiscountBeyondInvoice
from billing.models import Quote, QuoteFile
from billing.money import (
    HUNDRED,
    NOTHING,
    ZERO,
    Amounts,
    Priced,
    VatRow,
    amounts_for,
    round2,
    total_of,
    vat_by_rate,
)
from billing.quotes import files
from billing.quotes import services as quotes
from billing.quotes.amounts import advances_of, worked_out
from billing.quotes.offers import Offer, OfferedLine
from billing.quotes.printing import printed
from members.messages import attachments
from tests.factories.billing import make_customer, make_product, make_seller

D = Decimal
RATES = [D("20.00"), D("10.00"), D("5.50"), D("0.00")]
cents = st.integers(min_value=0, max_value=3_000_000).map(lambda value: D(value) / 100)
priced = st.builds(Priced, amount=cents, rate=st.sampled_from(RATES), basis=st.sampled_from(["ttc", "ht"]))
lines_of_a_quote = st.lists(priced, min_size=1, max_size=8)


def rows_of(lines: list[Priced], discount: Decimal = ZERO) -> list[VatRow]:
    found: dict[Decimal, Amounts] = {}
    for line, each in zip(lines, worked_out(lines, discount), strict=True):
        found[line.rate] = found.get(line.rate, NOTHING) + each.amounts
    return [VatRow(rate, found[rate]) for rate in sorted(found, reverse=True)]


@given(lines_of_a_quote)
def test_lines_add_up_to_what_a_document_says(lines: list[Priced]) -> None:
    assert rows_of(lines) == vat_by_rate(lines)


@given(lines_of_a_quote, st.integers(min_value=0, max_value=100))
def test_a_discount_is_taken_off_to_the_cent(lines: list[Priced], percent: int) -> None:
    whole = sum((each.amounts.excl for each in worked_out(lines)), D(0))
    discount = round2(whole * percent / HUNDRED)
    worked = worked_out(lines, discount)
    assert sum((each.discount for each in worked), D(0)) == discount
    assert sum((each.amounts.excl for each in worked), D(0)) == whole - discount
    assert all(each.amounts.excl >= 0 and each.discount >= 0 for each in worked)


@given(lines_of_a_quote, st.integers(min_value=0, max_value=100), st.integers(min_value=0, max_value=60))
def test_an_advance_is_never_more_than_the_quote_at_its_rate(
    lines: list[Priced], percent: int, off: int
) -> None:
    whole = sum((each.amounts.excl for each in worked_out(lines)), D(0))
    rows = rows_of(lines, round2(whole * off / HUNDRED))
    full = {row.rate: row.amounts for row in rows}
    for each in advances_of(rows, percent):
        asked = amounts_for(each.amount, each.rate, each.basis)
        assert asked.excl <= full[each.rate].excl
        assert asked.incl <= full[each.rate].incl
        assert abs(asked.incl - full[each.rate].incl * percent / HUNDRED) <= D("0.02")


def test_v11_an_advance_of_thirty_percent() -> None:
    asked = advances_of(vat_by_rate([Priced(D("1200.00"), D("20.00"), "ht")]), 30)
    assert [amounts_for(each.amount, each.rate, each.basis).incl for each in asked] == [D("432.00")]


def test_v3_a_discount_on_three_rates() -> None:
    lines = [
        Priced(D("210.50"), D("20.00"), "ht"),
        Priced(D("87.27"), D("10.00"), "ht"),
        Priced(D("37.92"), D("5.50"), "ht"),
    ]
    rows = rows_of(lines, D("33.57"))
    assert [row.amounts.excl for row in rows] == [D("189.45"), D("78.54"), D("34.13")]
    assert [row.amounts.vat for row in rows] == [D("37.89"), D("7.85"), D("1.88")]
    assert total_of(rows).incl == D("349.74")


def offer(now: dt.datetime, **fields: object) -> Offer:
    line = OfferedLine("Le Quai", D(4), D("45.00"), "ht", D("20.00"), unit="hour", detail="14 h – 18 h")
    plain: dict[str, object] = {"lines": [line], "valid_until": now + dt.timedelta(days=7)}
    return Offer(**{**plain, **fields})  # type: ignore[arg-type]  # fields of an Offer


def make_quote(now: dt.datetime, **fields: object) -> Quote:
    seller = make_seller()
    make_product(seller)
    with transaction.atomic():
        return quotes.write_draft(
            customer=make_customer(),
            seller=seller,
            site_code="essai",
            offer=offer(now, **fields),
            terms=None,
            by=None,
            now=now,
        )


def send(quote: Quote, now: dt.datetime) -> Quote:
    with transaction.atomic():
        quotes.send(quote, subject=[("Espace", "Le Quai 😀")], now=now)
    return quote


ARROWS = {
    "draft": {"sent", "superseded"},
    "sent": {"accepted", "refused", "expired", "withdrawn", "superseded"},
    "expired": {"superseded"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["draft", "sent", "expired", "refused", "withdrawn", "superseded"])
def test_states_move_along_their_arrows_only(now: dt.datetime, before: str) -> None:
    quote = make_quote(now)
    if before != "draft":
        send(quote, now)
    if before not in ("draft", "sent"):
        Quote.objects.update(state=before)
    proof = {"accepted_at": now, "accepted_name": "Maud", "accepted_sha256": "0" * 64}
    for after in set(Quote.State.values) - {before}:
        fields = {"state": after, **(proof if after == "accepted" else {})}
        if after not in ARROWS.get(before, set()):
            with pytest.raises(InternalError), transaction.atomic():
                Quote.objects.update(**fields)
        elif before != "draft":
            with transaction.atomic():
                assert Quote.objects.update(**fields) == 1, after
                transaction.set_rollback(True)  # as it was, for the next arrow


@pytest.mark.django_db
def test_what_makes_no_sense_is_no_row(now: dt.datetime) -> None:
    make_quote(now)
    senseless: tuple[dict[str, object], ...] = (
        {"state": "sent"},
        {"advance_percent": 101},
        {"discount_excl": D(5)},
        {"total_incl": D(1)},
        {"confirmation": "jamais"},
        {"version": 0},
        {"accepted_name": "Maud", "accepted_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)},
    )
    for fields in senseless:
        with pytest.raises(IntegrityError), transaction.atomic():
            Quote.objects.update(**fields)


@pytest.mark.django_db
def test_a_discount_beyond_the_quote_is_refused_and_nothing_is_written(now: dt.datetime) -> None:
    with pytest.raises(DiscountBeyondInvoice):
        make_quote(now, discount=Discount(D("180.01"), "Trop"))
    assert not Quote.objects.exists()


@pytest.mark.django_db
def test_the_pdf_is_made_once_and_attached(now: dt.datetime, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    quote = make_quote(now, discount=Discount(D("18.00"), "Remise"), message="Bonjour\nà bientôt")
    assert files.make_due(now) == 0, "a draft has none"
    with pytest.raises(attachments.NotReady):
        attachments.load([f"quote:{quote.pk}"])
    send(quote, now)
    assert files.make_due(now) == 1
    assert files.make_due(now) == 0
    files.make_pdf(quote, now=now)
    assert QuoteFile.objects.count() == 1
    (attached,) = attachments.load([f"quote:{quote.pk}"])
    assert attached.name == f"{quote.number}.pdf"
    with pikepdf.open(io.BytesIO(attached.content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert quote.number in metadata["dc:title"]


@pytest.mark.django_db
def test_a_quote_says_its_sums_and_its_rules(now: dt.datetime) -> None:
    quote = send(make_quote(now, discount=Discount(D("18.00"), "Remise")), now)
    said = printed(quote)
    assert [(row["label"], row["value"]) for row in said["totals"]] == [
        ("Total HT avant remise", "180,00\u00a0€"),
        ("Remise", "\u221218,00\u00a0€"),
        ("Total HT", "162,00\u00a0€"),
        ("TVA 20\u00a0% sur 162,00\u00a0€", "32,40\u00a0€"),
        ("Total TTC", "194,40\u00a0€"),
    ]
    assert "58,32" in said["rules"][0]
    assert said["lines"][0]["quantity"] == "4\u00a0heures"
    quote.language = "en"
    assert printed(quote)["language"] == "en"
