"""Documents: numbers without a gap, chains that show any change, corrections that never pass the original."""

import datetime as dt
import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, connection, connections, transaction
from pytest_django import Settings

from billing.documents.services import issue_credit_note, issue_invoice, remaining
from billing.documents.verifying import broken_documents
from billing.errors import AlreadyReversed, MoreThanRemains
from billing.models import (
    Allocation,
    Document,
    DocumentLine,
    DocumentSeries,
    DocumentSnapshot,
    DocumentVat,
    Order,
    PaymentEvent,
    Refund,
    Seller,
)
from billing.payments import ledger
from billing.payments.refunds import repay_at_desk
from billing.settlement.services import accept_on_terms, reverse_line, take_at_desk
from members.errors import WrongState
from members.models import Message
from tests.factories.billing import make_customer, make_order, make_product, make_seller, new_line, person
from tests.factories.members import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trial")]


def issue(now: dt.datetime, **fields: Any) -> Document:
    customer = fields.pop("customer", None) or make_customer(terms_days=30)
    document = accept_on_terms(
        order=make_order(customer=customer, now=now, **fields), by=person(customer), now=now
    )
    assert document is not None
    return document


def paid_at_desk(now: dt.datetime, **fields: Any) -> Document:
    order = make_order(now=now, **fields)
    take_at_desk(order=order, method="cash", by=make_user(role="manager"), now=now)
    return order.documents.get()


def reverse(document: Document, now: dt.datetime, kept: str = "0.00") -> Any:
    line = document.order.lines.get()
    with transaction.atomic():
        return reverse_line(line=line, kept=Decimal(kept), by=None, now=now)


def test_numbers_follow_one_another_a_seller_and_a_year(now: dt.datetime) -> None:
    seller = make_seller()
    numbers = [issue(now, seller=seller).number for _ in range(3)]
    assert numbers == ["FA-2026-00001", "FA-2026-00002", "FA-2026-00003"]
    assert issue(now).number == "FA-2026-00001"
    assert issue(now + dt.timedelta(days=60), seller=seller).number == "FA-2027-00001"


def test_a_year_begins_where_the_seller_is(now: dt.datetime) -> None:
    eve = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)
    document = issue(eve)
    assert (document.number, document.issued_on) == ("FA-2027-00001", dt.date(2027, 1, 1))


def test_a_date_is_never_earlier_than_the_last_of_its_series(now: dt.datetime) -> None:
    seller = make_seller()
    first = issue(now, seller=seller)
    second = issue(now - dt.timedelta(days=3), seller=seller)
    assert second.issued_on == first.issued_on


def test_demonstration_documents_have_a_series_of_their_own(now: dt.datetime) -> None:
    document = issue(now, seller=make_seller(specimen=True))
    assert (document.number, document.specimen) == ("SPECIMEN-FA-2026-00001", True)


def test_documents_of_a_trial_with_test_keys_are_specimens_beside_the_real_series(
    now: dt.datetime, settings: Settings
) -> None:
    seller = make_seller()
    settings.STRIPE_TEST = True
    pretended = issue(now, seller=seller)
    settings.STRIPE_TEST = False
    real = issue(now, seller=seller)
    assert (pretended.number, pretended.specimen) == ("SPECIMEN-FA-2026-00001", True)
    assert (real.number, real.specimen) == ("FA-2026-00001", False)
    assert not any(list(broken_documents(series)) for series in DocumentSeries.objects.all())


def test_a_refusal_leaves_no_hole(now: dt.datetime) -> None:
    seller = make_seller()
    issue(now, seller=seller)
    customer = make_customer(terms_days=30)
    order = make_order(customer=customer, seller=seller, now=now)
    with transaction.atomic():
        lost = issue_invoice(order, list(order.lines.all()), None, now=now)
        transaction.set_rollback(True)
    assert lost.number == "FA-2026-00002"
    assert issue(now, seller=seller).number == "FA-2026-00002"
    series = DocumentSeries.objects.get(seller=seller)
    assert series.documents.count() == series.last_sequence == 2


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_when_many_are_issued_at_once(now: dt.datetime) -> None:
    seller, customer = make_seller(), make_customer(terms_days=30)
    product = make_product(seller)
    orders = [
        make_order(seller=seller, customer=customer, lines=[new_line(product)], now=now) for _ in range(12)
    ]

    def issue_some(mine: list[Order]) -> None:
        for order in mine:
            accept_on_terms(order=order, by=person(customer), now=now)
        connections.close_all()

    threads = [threading.Thread(target=issue_some, args=(orders[part::4],)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sequences = list(Document.objects.order_by("sequence").values_list("sequence", flat=True))
    assert sequences == list(range(1, 13))
    assert not list(broken_documents(DocumentSeries.objects.get()))


def test_the_chain_is_whole_and_shows_a_change(now: dt.datetime) -> None:
    seller = make_seller()
    documents = [issue(now, seller=seller) for _ in range(3)]
    series = DocumentSeries.objects.get(seller=seller)
    assert documents[1].previous_hash == documents[0].hash
    assert series.last_hash == documents[2].hash
    assert not list(broken_documents(series))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE billing_document SET total_excl = 29, total_incl = 35 WHERE id = %s", [documents[1].pk]
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert [document.number for document in broken_documents(series)] == ["FA-2026-00002"]


def test_a_change_of_words_shows_too(now: dt.datetime) -> None:
    document = issue(now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """UPDATE billing_documentsnapshot SET content = jsonb_set(content, '{order}', '"X"')"""
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert list(broken_documents(document.series)) == [document]


def test_what_is_issued_refuses_every_change(now: dt.datetime) -> None:
    paid_at_desk(now)
    models = [Document, DocumentLine, DocumentVat, DocumentSnapshot, PaymentEvent]
    for model in models:
        for verb in ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"):
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(verb.format(model._meta.db_table))
    assert [model._default_manager.count() for model in models] == [1, 1, 1, 1, 1]


def test_words_may_go_after_ten_years_and_the_chain_stays_whole(now: dt.datetime) -> None:
    document = issue(now.replace(year=2014))
    document.snapshot.delete()
    document = Document.objects.get(pk=document.pk)
    assert not list(broken_documents(document.series))


@pytest.mark.parametrize(
    ("state", "others"), [("accepted", ("open", "cancelled")), ("cancelled", ("accepted", "open"))]
)
def test_an_order_moves_along_its_arrows_only(now: dt.datetime, state: str, others: tuple[str, ...]) -> None:
    order = make_order(now=now)
    Order.objects.filter(pk=order.pk).update(state=state, accepted_at=now if state == "accepted" else None)
    for to in others:
        with pytest.raises(Error), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(state=to, accepted_at=now if to == "accepted" else None)
    order.refresh_from_db()
    assert order.state == state


def test_a_line_taken_back_is_credited_and_its_money_is_due_at_the_desk(now: dt.datetime) -> None:
    document = paid_at_desk(now)
    done = reverse(document, now)
    note = done.credit_note
    assert (note.number, note.corrects, note.total_incl, note.total_vat) == (
        "AV-2026-00001",
        document,
        Decimal("36.00"),
        Decimal("6.00"),
    )
    assert note.snapshot.content["corrects"] == {"number": document.number, "on": "2026-11-24"}
    assert (done.refund.amount, done.refund.state, done.refund.reason) == (
        Decimal("36.00"),
        "requested",
        "cancelled",
    )
    assert Refund.objects.to_repay_at_desk().get() == done.refund
    assert Message.objects.filter(template="billing/credit_note").get().attachments == [f"document:{note.pk}"]


def test_what_policy_keeps_stays_invoiced(now: dt.datetime) -> None:
    document = paid_at_desk(now)
    note = reverse(document, now, kept="18.00").credit_note
    assert (note.total_excl, note.total_vat, note.total_incl) == (
        Decimal("15.00"),
        Decimal("3.00"),
        Decimal("18.00"),
    )
    left = remaining(document.lines.get())
    assert left.incl == Decimal("18.00")


def test_an_unpaid_invoice_is_reduced_rather_than_refunded(now: dt.datetime) -> None:
    document = issue(now)
    done = reverse(document, now)
    assert (done.refund, Refund.objects.count()) == (None, 0)
    allocation = Allocation.objects.get()
    assert (allocation.document, allocation.credit_note, allocation.amount) == (
        document,
        done.credit_note,
        Decimal("36.00"),
    )
    assert not Document.objects.unpaid().exists()


def test_a_line_is_taken_back_once(now: dt.datetime) -> None:
    document = issue(now)
    reverse(document, now)
    with pytest.raises(AlreadyReversed):
        reverse(document, now)
    assert Document.objects.filter(kind="credit_note").count() == 1


def test_where_all_is_kept_there_is_no_credit_note(now: dt.datetime) -> None:
    document = issue(now)
    assert reverse(document, now, kept="36.00").credit_note is None
    assert document.order.lines.get().state == "cancelled"


def test_credit_notes_never_pass_what_remains(now: dt.datetime) -> None:
    document = issue(now, price="9.99")
    line = document.lines.get()
    with transaction.atomic():
        issue_credit_note(document, {line: Decimal("4.99")}, now=now)
        issue_credit_note(document, {line: Decimal("5.00")}, now=now)
    assert remaining(line).incl == remaining(line).vat == Decimal("0.00")
    with pytest.raises(MoreThanRemains), transaction.atomic():
        issue_credit_note(document, {line: Decimal("0.01")}, now=now)
    assert Document.objects.filter(kind="credit_note").count() == 2


def test_money_given_back_at_the_desk_joins_the_chain(now: dt.datetime) -> None:
    document, manager = paid_at_desk(now), make_user(role="manager")
    refund = reverse(document, now).refund
    repay_at_desk(refund=refund, by=manager, now=now)
    with pytest.raises(WrongState):
        repay_at_desk(refund=refund, by=manager, now=now)
    kinds = list(PaymentEvent.objects.order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["desk_taking", "refund_succeeded"]
    assert not list(ledger.broken_links(document.seller))


def test_the_chain_of_payments_shows_a_change_and_a_foreign_signature(
    now: dt.datetime, settings: Any
) -> None:
    seller: Seller = paid_at_desk(now).seller
    paid_at_desk(now, seller=seller)
    assert not list(ledger.broken_links(seller))
    key, settings.SIGNING_KEY = settings.SIGNING_KEY, "of someone else"
    assert len(list(ledger.broken_links(seller))) == 2
    settings.SIGNING_KEY_FALLBACKS = [key]  # rotated: what the key before signed is still believed
    paid_at_desk(now, seller=seller)
    assert not list(ledger.broken_links(seller))
    settings.SIGNING_KEY = key
    assert [event.sequence for event in ledger.broken_links(seller)] == [3]
    settings.SIGNING_KEY_FALLBACKS = ["of someone else"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE billing_paymentevent SET amount = 1 WHERE sequence = 1")
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert [event.sequence for event in ledger.broken_links(seller)] == [1]
