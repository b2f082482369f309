"""The balance of a rental: the final invoice less the advance, once; damages outside VAT; what is refused."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.documents.discounting import Discount
from billing.errors import AdvanceBeyondInvoice, AdvanceDeducted
from billing.models import Customer, Document, Order, Payment, PaymentEvent, Refund
from billing.quotes.offers import OfferedLine
from billing.settlement.correcting import correct_document
from billing.settlement.services import accept_on_terms, take_at_desk
from billing.settlement.settling import settle
from bookings.errors_ending import AdvanceAwaited, EndingRefused, NothingToInvoice, NotOverYet, NotUnderWay
from bookings.models import RentalBalance, RentalQuote, RentalRequest, Site
from bookings.quote_messages import load_news
from bookings.services.rentals.balancing import documents_of, make_balance
from cantine.audit.rentals import rentals_that_ended_otherwise
from members.models import Message
from tests.bookings.rentals.steps import AFTER, HALL, advance_of, make_accepted, pay, pay_advance, state
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import DAY

pytestmark = pytest.mark.django_db
D = Decimal
DAMAGES = OfferedLine("Vitre cassée", D(1), D("80.00"), "ht", D("0.00"))


def final(balance: RentalBalance) -> Document:
    return Document.objects.with_balance().get(order=balance.order_id)


def test_v11_from_the_quote_to_the_final_invoice_to_the_cent(paid: RentalQuote) -> None:
    advance = advance_of(paid)
    assert (advance.total_excl, advance.total_vat, advance.total_incl) == (
        D("360.00"),
        D("72.00"),
        D("432.00"),
    )
    invoice = final(make_balance(rental=paid, lines=[HALL], by=None, now=AFTER))
    assert (invoice.kind, invoice.total_excl, invoice.total_incl) == ("final", D("1200.00"), D("1440.00"))
    assert [(row.advance, row.rate, row.base, row.vat) for row in invoice.deductions.all()] == [
        (advance, D(20), D("360.00"), D("72.00"))
    ]
    assert invoice.owed == D("1008.00")
    assert invoice.total_vat - advance.total_vat == D("168.00")
    order = Order.objects.get(rental_balance__rental=paid)
    assert (order.state, order.means, state(paid)) == ("accepted", "terms", "done")
    told = Message.objects.get(template="rentals/quote_news", ids__news="done")
    assert (told.to, told.attachments) == (paid.request.email, [f"document:{invoice.pk}"])
    take_at_desk(order=order, method="transfer", by=make_user(role="manager"), now=AFTER)
    assert final(paid.balance).owed == 0


def test_what_is_left_is_paid_from_the_private_page(paid: RentalQuote, client: Client) -> None:
    followed = paid.request.get_absolute_url()
    with time_machine.travel(AFTER, tick=False):
        assertNotContains(client.get(followed), "/payer/")
        made = make_balance(rental=paid, lines=[HALL], by=None, now=AFTER)
        pay = reverse("billing:pay", args=[made.order.public_id])
        assertContains(client.get(followed), pay)
        assertContains(client.get(pay), "1\u202f008,00\u00a0€")
        assertContains(client.get(pay), followed)
        take_at_desk(order=made.order, method="cash", by=make_user(role="manager"), now=AFTER)
        assertNotContains(client.get(followed), "/payer/")
        assertRedirects(client.get(pay), followed, fetch_redirect_response=False)


def test_it_is_due_by_the_customers_terms_or_at_once(paid: RentalQuote) -> None:
    customer = paid.quote.customer
    customer.terms_days = 30
    customer.save()
    invoice = final(make_balance(rental=paid, lines=[HALL], by=None, now=AFTER))
    assert invoice.due_on == DAY + timedelta(days=30)


def test_extra_hours_and_damages_come_on_top_and_the_discount_is_the_rentals(site: Site) -> None:
    rental = make_accepted(site, discount=Discount(D("120.00"), "Geste"))
    pay_advance(rental)
    hours = OfferedLine("Heure supplémentaire", D(2), D("50.00"), "ht", D("20.00"), "hour")
    invoice = final(make_balance(rental=rental, lines=[HALL, hours, DAMAGES], by=None, now=AFTER))
    rows = {row.rate: (row.base, row.vat) for row in invoice.vat_rows.all()}
    assert rows == {D("20.00"): (D("1180.00"), D("236.00")), D("0.00"): (D("80.00"), D("0.00"))}
    assert invoice.total_incl == D("1496.00")
    assert invoice.owed == D("1496.00") - D("388.80")
    assert [line.product.revenue_account for line in invoice.lines.order_by("position")] == [
        "708300",
        "708300",
        "758000",
    ]


def test_without_an_advance_it_is_a_plain_invoice(site: Site) -> None:
    rental = make_accepted(site, percent=0)
    invoice = final(make_balance(rental=rental, lines=[HALL], by=None, now=AFTER))
    assert (invoice.kind, invoice.owed) == ("invoice", D("1440.00"))


def test_made_twice_it_is_made_once(paid: RentalQuote) -> None:
    first = make_balance(rental=paid, lines=[HALL], by=None, now=AFTER)
    assert make_balance(rental=paid, lines=[HALL, DAMAGES], by=None, now=AFTER) == first
    assert Document.objects.filter(kind="final").count() == 1


def test_before_the_day_is_over_only_at_the_managers_word(paid: RentalQuote) -> None:
    with pytest.raises(NotOverYet):
        make_balance(rental=paid, lines=[HALL], by=None, now=NOW)
    assert not Document.objects.filter(kind="final").exists()
    make_balance(rental=paid, lines=[HALL], by=None, now=NOW, before_end=True)
    assert state(paid) == "done"


def test_what_is_not_won_awaits_its_advance_or_says_nothing_is_refused(site: Site) -> None:
    rental = make_accepted(site)

    def refused(with_: type[EndingRefused], lines: Sequence[OfferedLine] = (HALL,)) -> None:
        with pytest.raises(with_):
            make_balance(rental=rental, lines=lines, by=None, now=AFTER)
        assert not RentalBalance.objects.exists()

    refused(AdvanceAwaited)
    pay_advance(rental)
    refused(NothingToInvoice, ())
    with pytest.raises(AdvanceBeyondInvoice):
        make_balance(rental=rental, lines=[DAMAGES], by=None, now=AFTER)
    assert (state(rental), documents_of(rental.request).count()) == ("won", 1)
    RentalRequest.objects.update(state="cancelled")
    refused(NotUnderWay)


def less(price: str, rate: str = "20.00") -> OfferedLine:
    return OfferedLine("Le Quai", D(1), D(price), "ht", D(rate))


def test_an_advance_beyond_what_is_invoiced_is_credited_by_rate_and_given_back(site: Site) -> None:
    buffet = OfferedLine("Buffet", D(10), D("20.00"), "ht", D("10.00"))
    rental = make_accepted(site, lines=(HALL, buffet), percent=50)
    advance = pay_advance(rental)
    for shown in (D("0.00"), D("109.00")):
        with pytest.raises(AdvanceBeyondInvoice):
            make_balance(rental=rental, lines=[HALL], by=None, now=AFTER, excess_shown=shown)
    assert (state(rental), documents_of(rental.request).count(), Refund.objects.count()) == ("won", 1, 0)
    made = make_balance(rental=rental, lines=[HALL], by=None, now=AFTER, excess_shown=D("110.00"))
    note = Document.objects.get(kind="credit_note")
    assert (note.corrects, note.total_incl, note.vat_rows.get().rate) == (advance, D("110.00"), D("10.00"))
    assert (Refund.objects.get().amount, final(made).owed) == (D("110.00"), D("720.00"))
    assert [(row.rate, row.base, row.vat) for row in final(made).deductions.all()] == [
        (D("20.00"), D("600.00"), D("120.00"))
    ]
    assert list(rentals_that_ended_otherwise()) == []


@pytest.mark.parametrize(
    ("price", "excess", "kind"), [("1000.00", "240.00", "final"), ("0.00", "1440.00", "")]
)
def test_a_whole_price_paid_in_advance_and_less_agreed_after(
    site: Site, price: str, excess: str, kind: str
) -> None:
    rental = make_accepted(site, percent=100)
    pay_advance(rental)
    made = make_balance(rental=rental, lines=[less(price)], by=None, now=AFTER, excess_shown=D(excess))
    assert (Refund.objects.get().amount, state(rental)) == (D(excess), "done")
    found = Document.objects.with_balance().filter(order=made.order_id).first()
    assert (found.kind if found else "", found.owed if found else 0) == (kind, 0)
    said = load_news({"rental": rental.pk, "news": "done"})
    assert said is not None
    assert ("à part" in said["text"]) == (not kind)
    assert list(rentals_that_ended_otherwise()) == []


@pytest.mark.parametrize("on_terms", [False, True])
def test_a_final_invoice_is_credited_with_the_advance_it_deducts(
    paid: RentalQuote, site: Site, on_terms: bool
) -> None:
    rental, manager = make_accepted(site) if on_terms else paid, make_user(role="manager")
    if on_terms:
        Customer.objects.update(terms_days=30)
        accept_on_terms(order=Order.objects.get(quote=rental.quote_id), by=None, now=NOW)
    invoice = final(make_balance(rental=rental, lines=[HALL], by=None, now=AFTER))
    take_at_desk(order=invoice.order, method="cash", by=manager, now=AFTER)
    advance = advance_of(rental)
    with pytest.raises(AdvanceDeducted):
        correct_document(
            document=advance, credits_={advance.lines.get(): D(1)}, reason="Non", by=manager, now=AFTER
        )
    whole = {invoice.lines.get(): D("1440.00")}
    done = correct_document(document=invoice, credits_=whole, reason="Panne", by=manager, now=AFTER)
    back = sorted(refund.amount for refund in done.refunds)
    assert back == ([D("1008.00")] if on_terms else [D("432.00"), D("1008.00")])
    assert done.lowered == (D("432.00") if on_terms else 0)
    assert not Document.objects.unpaid().exists()


def test_an_advance_that_comes_after_the_balance_goes_back(site: Site) -> None:
    rental = make_accepted(site, confirmation="on_acceptance")
    order = Order.objects.get(quote=rental.quote_id)
    Order.objects.filter(pk=order.pk).update(state="expired")
    make_balance(rental=rental, lines=[HALL], by=None, now=AFTER)
    payment = Payment.objects.create(
        order=order,
        attempt=1,
        method="card",
        state="succeeded",
        amount=order.total,
        started_at=NOW,
        succeeded_at=AFTER,
    )
    settle(payment.pk, now=AFTER)
    assert Refund.objects.get().amount == order.total
    assert not documents_of(rental.request).filter(kind="advance").exists()
    assert Message.objects.filter(ids__news="over").exists()


def test_the_signed_event_of_its_payment_says_the_vat_that_was_left_to_pay(paid: RentalQuote) -> None:
    damages = OfferedLine("Vitre", D(1), D("400.00"), "ht", D("0.00"))
    balance = make_balance(rental=paid, lines=[HALL, damages], by=None, now=AFTER)
    pay(balance.order, AFTER)
    said = [(each["rate"], each["incl"]) for each in PaymentEvent.objects.latest("sequence").vat]
    assert said == [("20.00", "1008.00"), ("0.00", "400.00")]


def test_the_discount_stays_on_what_the_quote_says_though_it_has_a_line_outside_vat(site: Site) -> None:
    zero = OfferedLine("Repas des bénévoles", D(1), D("100.00"), "ht", D("0.00"))
    damages = OfferedLine("Vitre", D(1), D("400.00"), "ht", D("0.00"))
    rental = make_accepted(site, lines=(HALL, zero), discount=Discount(D("130.00"), "Geste"), percent=0)
    found = final(make_balance(rental=rental, lines=[HALL, zero, damages], by=None, now=AFTER))
    bases = [(row.rate, row.base) for row in found.vat_rows.order_by("-rate")]
    assert bases == [(D(20), D("1080.00")), (D(0), D("490.00"))]


def test_a_public_body_has_thirty_days_to_pay_it(site: Site) -> None:
    rental = make_accepted(site, buyer="public", percent=0)
    found = final(make_balance(rental=rental, lines=[HALL], by=None, now=AFTER))
    assert found.due_on == found.issued_on + timedelta(days=30)
