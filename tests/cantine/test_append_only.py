"""What was issued, promised and paid: SQL refuses to change it, `audit` names what was forged anyway."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pgtrigger.registry
import pytest
import time_machine
from django.db import Error, connection, transaction
from pytest_django import DjangoDbBlocker

from billing.accounting.writing_off import write_off
from billing.collecting.dunning import owe_letters
from billing.documents.files import make_due as make_files
from billing.documents.handing import note_handover
from billing.models import Document, TillClosing
from billing.quotes.buyers import correct_buyer
from billing.quotes.files import make_due as make_quotes
from billing.settlement.correcting import correct_document
from billing.till.archiving import make_archive
from billing.till.closing import close_due
from billing.till.drawer import count_cash, move_cash
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from cantine.audit.report import CHECKS
from cantine.report import issuing
from cantine.roles import synchronise
from members.legal_pages import seed
from members.models import Page
from tests.billing.collecting.steps import enter, make_steps
from tests.billing.collecting.steps import make_due as make_invoice
from tests.bookings.rentals.steps import HALL, make_accepted, pay_advance
from tests.cantine.test_audit import broken, forge
from tests.factories.billing import TRIAL, make_order
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.payouts import charged, moved, paid_out, pay_by_card
from tests.factories.remittances import make_remittance
from tests.factories.rentals import make_rented_house
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
ISSUED = {
    "billing_document", "billing_documentline", "billing_documentvat", "billing_documentdeduction",
    "billing_documenthandover", "billing_documentsnapshot", "billing_documentfile",
    "billing_balancemovement", "billing_writeoffvat",
    "billing_tillclosing", "billing_tillarchive", "billing_cashcount", "billing_cashmovement",
    "billing_technicalevent", "billing_paymentevent", "billing_transfer", "billing_dunningletter",
    "billing_correction", "billing_buyercorrection",
    "bookings_rentalbalance", "bookings_rentalcancellation",
    "cantine_frozenreport", "cantine_frozenreportfile",
}  # fmt: skip
"""Of which no row ever changes or goes (texts and files: not before ten years)."""
PROMISED = {
    "billing_quote", "billing_quoteline", "billing_quotefile", "bookings_rentalquote", "billing_payout",
    "billing_remittance", "billing_remittedevent", "billing_writeoff",
}  # fmt: skip
"""Which change until they are sent; `live` sent all of them. Of a payout only the state and the match do,
of a remittance and of a loss that it stands."""
ALLOCATED = "billing_allocation"
"""Whose rows are kept, with the sum that stands."""
CONTENT = {
    "billing_quote": "message = 'autre'",
    "billing_quoteline": "label = 'autre'",
    "bookings_rentalquote": "setup_minutes = 1",
    "billing_payout": "gross = gross + 1, amount = amount + 1",
    "billing_remittance": "amount = amount + 1",
    "billing_remittedevent": "event_id = event_id + 1",
    "billing_writeoff": "amount = amount - 1",
}


@pytest.fixture(autouse=True, scope="module")
def lived_in(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A rental paid, held and invoiced; one cancelled; a transfer; an invoice that was dunned; every file."""
    with lasting(django_db_blocker), time_machine.travel(NOW, tick=False):
        live()
        yield


def live() -> None:
    """Let services write what the tests forge."""
    seed(Page, dt.date(2020, 1, 1))
    synchronise()
    TRIAL.forget()
    make_steps()
    manager = make_user(role="manager")
    held = make_accepted(make_rented_house())
    pay_advance(held)
    correct_buyer(held.quote, {"name": "Coopérative d’essai"}, by=manager, now=NOW)
    make_balance(rental=held, lines=[HALL], by=manager, now=NOW, before_end=True)
    called_off = make_accepted(make_rented_house())
    pay_advance(called_off)
    cancel_rental(rental=called_off, by=manager, now=NOW)
    enter(make_invoice(NOW), "50.00", now=NOW, by=manager)
    wrong = make_invoice(NOW)
    correct_document(
        document=wrong, credits_={wrong.lines.get(): Decimal(1)}, reason="Essai", by=manager, now=NOW
    )
    make_invoice(NOW)
    paid = pay_by_card(NOW)
    taken = moved("dispute", "dp_1", -paid.amount, NOW, intent=paid.intent_id)
    payout = paid_out([charged(paid, NOW), taken], NOW)
    write_off(
        movement=payout.movements.get(kind="dispute"),
        decided_on=NOW.date(),
        reason="Essai",
        recover_vat=True,
        by=manager,
        now=NOW,
    )
    assert owe_letters(NOW + dt.timedelta(days=40))
    make_remittance(make_order(now=NOW), by=manager, now=NOW)
    note_handover(document=Document.objects.latest("pk"), by=manager, now=NOW)
    make_files(NOW)
    make_quotes(NOW)
    told = {"title": "Essai", "subtitle": "", "tiles": [], "sections": [], "notes": []}
    said: dict[str, Any] = {
        "kind": "quarter",
        "site": None,
        "first": NOW.date() - dt.timedelta(days=1),
        "last": NOW.date() - dt.timedelta(days=1),
        "commentary": "",
    }
    issuing.issue_report(**said, data=told, by=manager, now=NOW)
    issuing.make_due(NOW)
    assert close_due(NOW + dt.timedelta(days=1))
    make_archive(closing=TillClosing.objects.latest("pk"), by=manager, now=NOW + dt.timedelta(days=1))
    drawer: dict[str, Any] = {"seller": Document.objects.latest("pk").seller, "site_code": "essai"}
    move_cash(**drawer, kind="float", amount=Decimal("50.00"), by=manager, now=NOW)
    count_cash(**drawer, counted=Decimal("50.00"), by=manager, now=NOW)


def counts() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(ISSUED | PROMISED):
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except Error:
        return True
    return False


def test_every_table_that_is_never_emptied_is_looked_at_here() -> None:
    guarded = {
        model._meta.db_table
        for model, trigger in pgtrigger.registry.registered()
        if trigger.name == "never_emptied"
    }
    assert guarded == (ISSUED | PROMISED | {ALLOCATED}) - {"billing_quote"}


def test_what_was_issued_refuses_every_change() -> None:
    before = counts()
    assert all(before.values()), before
    verbs = ("UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE")
    changes = [verb.format(table) for table in sorted(ISSUED) for verb in verbs]
    assert [each for each in changes if not is_refused(each)] == []
    assert counts() == before


def test_what_was_sent_keeps_its_words_and_is_kept() -> None:
    before = counts()
    changes = [f"UPDATE {table} SET {words}" for table, words in CONTENT.items()]
    changes += ["UPDATE billing_quotefile SET size = 1"]
    changes += [f"{verb} {table}" for table in sorted(PROMISED) for verb in ("DELETE FROM", "TRUNCATE")]
    assert [each for each in changes if not is_refused(each)] == []
    assert counts() == before


def test_what_was_allocated_is_kept() -> None:
    assert is_refused(f"DELETE FROM {ALLOCATED}")
    assert is_refused(f"TRUNCATE {ALLOCATED}")


def test_what_the_services_wrote_is_clean() -> None:
    assert broken() == {}


CHAIN, GAP, PAID = (
    "5 the chain of documents is whole",
    "5 numbers have no gap",
    "5 the chain of payments is whole",
)
PROOF = "3 quotes add up, and what was accepted is proved"
FORGERIES = {
    CHAIN: (
        "UPDATE billing_document SET hash = repeat('0', 64)",
        "UPDATE billing_document SET previous_hash = repeat('0', 64)",
        "UPDATE billing_document SET snapshot_sha256 = repeat('0', 64)",
        "UPDATE billing_document SET customer_id = (SELECT max(id) FROM billing_customer)",
        "UPDATE billing_document SET due_on = '2030-01-01'",
        "UPDATE billing_documentline SET quantity = quantity + 1",
        "UPDATE billing_documentline SET unit_price_excl = unit_price_excl + 1",
        "UPDATE billing_documentvat SET rate = rate + 1",
        "UPDATE billing_documentdeduction SET base = base - 1",
        "DELETE FROM billing_documentdeduction",
        """UPDATE billing_documentsnapshot SET content = '{}'""",
        "UPDATE billing_documentseries SET last_hash = repeat('0', 64)",
    ),
    GAP: (
        "DELETE FROM billing_document WHERE kind = 'credit_note'",
        "DELETE FROM billing_documentseries",
    ),
    PAID: (
        "UPDATE billing_paymentevent SET hash = repeat('0', 64)",
        "UPDATE billing_paymentevent SET previous_hash = repeat('0', 64)",
        "UPDATE billing_paymentevent SET signature = repeat('0', 64)",
        "UPDATE billing_paymentevent SET method = 'cash' WHERE method <> 'cash'",
        "UPDATE billing_paymentevent SET vat = '[]'",
        "UPDATE billing_paymentchain SET hash = repeat('0', 64)",
        "DELETE FROM billing_paymentchain",
    ),
    PROOF: (
        "UPDATE billing_quote SET accepted_sha256 = repeat('0', 64)",
        "UPDATE billing_quote SET message = 'autre'",
        "UPDATE billing_quoteline SET label = 'autre'",
        "DELETE FROM billing_quoteline",
    ),
    "7 every document has its file": (
        "UPDATE billing_documentfile SET sha256 = repeat('0', 64)",
        "DELETE FROM billing_documentfile",
    ),
    "7 every quote has its file": (
        "UPDATE billing_quotefile SET sha256 = repeat('0', 64)",
        "UPDATE billing_quotefile SET file = 'quotes/nowhere.pdf'",
        "DELETE FROM billing_quotefile",
    ),
    "3 the books balance, and say what documents say": (
        "UPDATE billing_document SET total_incl = total_incl + 1, total_vat = total_vat + 1",
        "UPDATE billing_documentline SET amount_excl = amount_excl + 1, amount_incl = amount_incl + 1",
        "UPDATE billing_documentvat SET vat = vat + 1",
        "UPDATE billing_product SET revenue_account = '7'",
    ),
    "4 every report issued is as it was": (
        "UPDATE cantine_frozenreport SET data = jsonb_set(data, '{title}', '\"Autre\"')",
        "UPDATE cantine_frozenreportfile SET sha256 = repeat('0', 64)",
        "DELETE FROM cantine_frozenreportfile",
    ),
    "3 remittances are what they hold": (
        "UPDATE billing_remittance SET amount = amount + 1",
        "UPDATE billing_remittance SET method = 'terminal'",
        "UPDATE billing_remittedevent SET stands = false",
        "DELETE FROM billing_remittedevent",
    ),
    "3 losses are what disputes took": (
        "UPDATE billing_writeoff SET amount = amount + 1",
        "UPDATE billing_writeoff SET movement_id = (SELECT min(id) FROM billing_balancemovement)",
        "UPDATE billing_writeoffvat SET vat = vat + 9",
    ),
    "3 VAT is given back once, by a credit note or a loss": ("UPDATE billing_writeoffvat SET vat = vat + 9",),
    "3 transfers are whole": ("UPDATE billing_transfer SET amount = amount + 1",),
    "3 allocations stay within their sums": ("UPDATE billing_allocation SET amount = amount * 3",),
    "5 the chains of closings are whole": (
        "UPDATE billing_tillclosing SET received = received + 1",
        "DELETE FROM billing_tillclosing WHERE kind = 'day'",
        "UPDATE billing_paymentevent SET amount = amount + 1",
    ),
    "5 every archive is as it was made": ("UPDATE billing_tillarchive SET sha256 = repeat('0', 64)",),
    "7 every day was closed": ("UPDATE billing_paymentchain SET closed_on = closed_on - 3",),
    "7 every dunning letter has its message": ("UPDATE billing_dunningletter SET owed = 9999",),
    "3 rentals ended as their documents say": (
        "UPDATE bookings_rentalcancellation SET paid = paid + 1",
        "UPDATE bookings_rentalcancellation SET rental_id = (SELECT min(id) FROM bookings_rentalquote)",
        "DELETE FROM bookings_rentalcancellation",
        "DELETE FROM bookings_rentalbalance",
        "UPDATE bookings_rentalbalance SET order_id = (SELECT min(id) FROM billing_order)",
    ),
}


def test_each_forged_row_is_named_by_its_check() -> None:
    checks, missed = dict(CHECKS), []
    for check, statement in ((name, each) for name, all_ in FORGERIES.items() for each in all_):
        with transaction.atomic():
            forge(statement)
            if not list(checks[check](NOW + dt.timedelta(hours=1))):
                missed.append(statement)
            transaction.set_rollback(True)
    assert missed == []
