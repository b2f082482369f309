"""`manage.py audit`: quiet over whatever the services wrote, loud over whatever someone forged."""

import datetime as dt
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from billing.documents.files import make_due
from billing.models import Document
from billing.payments.refunds import repay_at_desk
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Space
from bookings.services.freeing import cancel_booking
from cantine.audit.report import CHECKS, findings
from cantine.roles import synchronise
from members.models import Message
from tests.factories.bookings import NOW, make_booking, make_confirmed, make_house, make_plain_booking, on
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
LATER = NOW + HOUR


@pytest.fixture(scope="module")
def lived_in(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A house that lived: on invoice, at the desk, cancelled before and after payment, held, joined."""
    with lasting(django_db_blocker):
        live()
        yield


def live() -> None:
    """Let services write what the tests forge."""
    synchronise()  # the roles, which a flush of the database takes away
    site = make_house(desks=5, desk_payment=True)
    desks = list(Space.objects.select_related("site").filter(kind="desk").order_by("number"))
    manager = make_user(role="manager")
    make_confirmed(space=desks[0])
    for number in (1, 2):
        booking = make_booking(space=desks[number])
        assert booking.line is not None
        take_at_desk(order=booking.line.order, method="cash", by=manager, now=NOW)
    cancel_booking(booking=booking, by=manager, now=NOW)
    assert booking.line is not None
    repay_at_desk(refund=booking.line.order.payments.get().refunds.get(), by=manager, now=NOW)
    dropped = make_booking(space=desks[3])
    assert dropped.booked_by is not None
    cancel_booking(booking=dropped, by=dropped.booked_by, now=NOW)
    make_booking(space=desks[4])
    morning = on(dt.date(2026, 11, 26), dt.time(10), dt.time(12))
    make_plain_booking(space=site.spaces.select_related("site").get(code="ab"), period=morning)
    assert make_due(NOW) == Document.objects.count()


def broken(now: dt.datetime = NOW) -> dict[str, tuple[str, ...]]:
    """The checks that found something, with what they say."""
    return {each.name: each.details for each in findings(now) if each.details}


def found(check: str, now: dt.datetime = NOW) -> tuple[str, ...]:
    """What one check says; all of them take forty times as long."""
    return tuple(dict(CHECKS)[check](now))


def forge(*statements: str) -> None:
    """Write behind the back of every trigger, as a thief with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.usefixtures("lived_in")
def test_what_the_services_wrote_is_clean() -> None:
    assert broken() == {}
    assert Booking.objects.count() == 6
    assert Document.objects.count() == 4


@pytest.mark.usefixtures("lived_in")
@time_machine.travel(NOW, tick=False)
def test_a_broken_invariant_is_named_with_what_breaks_it_and_fails_the_command() -> None:
    forge("DELETE FROM bookings_occupancy WHERE booking_id = (SELECT max(id) FROM bookings_booking)")
    said = StringIO()
    with pytest.raises(CommandError, match="1 invariants are broken"):
        call_command("audit", stdout=said)
    assert "BROKEN  1 what is on has its places" in said.getvalue()
    assert f"booking {Booking.objects.latest('pk')} takes 0 of 2 atoms" in said.getvalue()


FIRST_INVOICE = "(SELECT min(id) FROM billing_document)"
SWAPPED = """
WITH two AS (SELECT series_id FROM billing_document WHERE sequence = 2 LIMIT 1)
UPDATE billing_document SET sequence = 900 + sequence FROM two
WHERE billing_document.series_id = two.series_id AND sequence IN (1, 2);
UPDATE billing_document SET sequence = 903 - sequence WHERE sequence IN (901, 902)
"""
FORGERIES: dict[str, tuple[str, str]] = {
    "an occupancy moved to another hour": (
        "1 what is on has its places",
        "UPDATE bookings_occupancy SET during = '[2027-01-01 08:00+00,2027-01-01 09:00+00)'"
        " WHERE id = (SELECT min(id) FROM bookings_occupancy)",
    ),
    "an occupancy moved to another desk": (
        "1 what is on has its places",
        "UPDATE bookings_occupancy SET atom_id = (SELECT id FROM bookings_space WHERE number = 4)"
        " WHERE id = (SELECT min(id) FROM bookings_occupancy)",
    ),
    "a space without parts": (
        "1 every space has parts",
        "DELETE FROM bookings_spacepart WHERE space_id = (SELECT id FROM bookings_space WHERE number = 4)",
    ),
    "the judge of conflicts dropped": (
        "1 constraints stand",
        "ALTER TABLE bookings_occupancy DROP CONSTRAINT atom_is_taken_once",
    ),
    "a unique index dropped": ("1 constraints stand", "DROP INDEX session_pays_one_payment"),
    "a confirmed booking whose line is not fulfilled": (
        "2 bookings and orders agree",
        "UPDATE billing_orderline SET state = 'pending' WHERE state = 'fulfilled'",
    ),
    "a line fulfilled without its booking": (
        "2 bookings and orders agree",
        "UPDATE billing_orderline SET state = 'fulfilled' WHERE state = 'cancelled'",
    ),
    "the total of a document changed": (
        "3 documents add up",
        "UPDATE billing_document SET total_excl = total_excl + 1, total_incl = total_incl + 1"
        f" WHERE id = {FIRST_INVOICE}",
    ),
    "the VAT of a document changed": (
        "3 documents add up",
        f"UPDATE billing_documentvat SET vat = vat + 1 WHERE document_id = {FIRST_INVOICE}",
    ),
    "more allocated than was invoiced": (
        "3 allocations stay within their sums",
        "UPDATE billing_allocation SET amount = amount + 1 WHERE payment_id IS NOT NULL",
    ),
    "more refunded than was paid": (
        "3 refunds stay within their payments",
        "UPDATE billing_refund SET amount = amount + 1",
    ),
    "a refund that its payment forgot": (
        "3 refunds stay within their payments",
        "UPDATE billing_payment SET refunded = 0",
    ),
    "a guard taken down": (
        "4 guards stand on what was issued",
        "ALTER TABLE billing_document DISABLE TRIGGER USER",
    ),
    "a document deleted": (
        "5 numbers have no gap",
        f"DELETE FROM billing_document WHERE id = {FIRST_INVOICE}",
    ),
    "a series wound back": ("5 numbers have no gap", "UPDATE billing_documentseries SET last_sequence = 1"),
    "a hash forged": (
        "5 the chain of documents is whole",
        f"UPDATE billing_document SET hash = repeat('0', 64) WHERE id = {FIRST_INVOICE}",
    ),
    "two documents swapped": ("5 the chain of documents is whole", SWAPPED),
    "the words of a document changed": (
        "5 the chain of documents is whole",
        f"UPDATE billing_documentsnapshot SET content = '{{}}' WHERE document_id = {FIRST_INVOICE}",
    ),
    "the date of a document changed": (
        "5 the chain of documents is whole",
        f"UPDATE billing_document SET issued_on = '2020-01-01' WHERE id = {FIRST_INVOICE}",
    ),
    "a payment event removed": (
        "5 the chain of payments is whole",
        "DELETE FROM billing_paymentevent WHERE sequence = 1",
    ),
    "the last payment event removed": (
        "5 the chain of payments is whole",
        "DELETE FROM billing_paymentevent WHERE sequence = (SELECT max(sequence) FROM billing_paymentevent)",
    ),
    "the amount of a payment event changed": (
        "5 the chain of payments is whole",
        "UPDATE billing_paymentevent SET amount = amount + 1 WHERE sequence = 1",
    ),
    "a payment changed beside its event": (
        "5 every movement of money is in it",
        "UPDATE billing_payment SET amount = amount + 5",
    ),
    "an invoice that lost its line": (
        "5 what was accepted was invoiced once",
        f"DELETE FROM billing_documentline WHERE document_id = {FIRST_INVOICE}",
    ),
    "an invoice of an order that was never accepted": (
        "5 what was accepted was invoiced once",
        "UPDATE billing_order SET state = 'open', accepted_at = NULL WHERE state = 'accepted'",
    ),
    "a card accepted without its money": (
        "5 what a card paid is paid",
        "UPDATE billing_order SET means = 'card' WHERE means = 'terms'",
    ),
}


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_is_found(what: str) -> None:
    check, statement = FORGERIES[what]
    forge(statement)
    assert found(check)


@pytest.mark.usefixtures("lived_in")
def test_a_cancelled_booking_that_still_takes_its_place_is_found() -> None:
    forge("UPDATE bookings_booking SET state = 'cancelled' WHERE purpose = 'event'")
    assert list(broken()) == ["1 only what is on takes a place"]


@pytest.mark.usefixtures("lived_in")
def test_an_atom_taken_twice_is_found() -> None:
    forge(
        "ALTER TABLE bookings_occupancy DROP CONSTRAINT atom_is_taken_once",
        "INSERT INTO bookings_occupancy (booking_id, atom_id, during)"
        " SELECT booking_id, atom_id, during FROM bookings_occupancy",
    )
    assert found("1 an atom is taken once")


OVERDUE: dict[str, tuple[str, Callable[[], object]]] = {
    "a message that was never sent": (
        "7 every message due went out",
        lambda: Message.objects.update(due_at=NOW),
    ),
    "a hold that nobody ended": (
        "7 every hold ended in time",
        lambda: Booking.objects.filter(state="held").update(held_until=NOW),
    ),
    "a document without its file": (
        "7 every document has its file",
        lambda: forge("DELETE FROM billing_documentfile"),
    ),
    "a file that was replaced": (
        "7 every document has its file",
        lambda: forge("UPDATE billing_documentfile SET sha256 = repeat('0', 64)"),
    ),
    "a file that is gone": (
        "7 every document has its file",
        lambda: forge("UPDATE billing_documentfile SET file = 'documents/nowhere.pdf'"),
    ),
    "an event that nobody handled": (
        "6 every event was handled",
        lambda: forge(
            "INSERT INTO billing_stripeevent (event_id, kind, livemode, payload, received_at, state, tries,"
            " next_try_at, error) VALUES ('evt_essai', 'essai', false, '{}', '2026-11-24 07:30+00',"
            " 'received', 0, now(), '')"
        ),
    ),
    "a payment that led to nothing": (
        "6 every payment led to something",
        lambda: forge("UPDATE billing_payment SET settled_at = NULL"),
    ),
    "a card refund that was never sent": (
        "7 every refund was sent",
        lambda: forge(
            "UPDATE billing_payment SET method = 'card'", "UPDATE billing_refund SET state = 'requested'"
        ),
    ),
    "a right that no longer exists": (
        "8 every right of a role exists",
        lambda: forge("DELETE FROM auth_permission WHERE codename = 'view_document'"),
    ),
}


@pytest.mark.usefixtures("lived_in")
@pytest.mark.parametrize("what", OVERDUE)
def test_what_was_left_undone_is_found_once_it_is_late(what: str) -> None:
    check, neglect = OVERDUE[what]
    neglect()
    assert found(check, LATER)


@pytest.mark.usefixtures("lived_in")
def test_what_is_only_just_due_is_not_called_late() -> None:
    Message.objects.update(due_at=NOW)
    assert broken(NOW + dt.timedelta(minutes=10)) == {}
