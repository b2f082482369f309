"""The checks in the order of the design, and what each found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from cantine.audit import (
    books,
    collecting,
    events,
    hands,
    money,
    payouts,
    places,
    privacy,
    rentals,
    reports,
    till,
)

SHOWN = 20
"""Findings listed for one check; the rest is counted."""

Check = Callable[[datetime], Iterator[str]]


def _timeless(check: Callable[[], Iterator[str]]) -> Check:
    return lambda _now: check()


CHECKS: tuple[tuple[str, Check], ...] = (
    ("1 an atom is taken once", _timeless(places.atoms_taken_twice)),
    ("1 only what is on takes a place", _timeless(places.occupancies_without_an_active_booking)),
    ("1 what is on has its places", _timeless(places.bookings_without_their_places)),
    ("1 every space has parts", _timeless(places.spaces_without_parts)),
    ("1 constraints stand", hands.constraints_that_are_missing),
    ("2 bookings and orders agree", _timeless(places.bookings_that_contradict_their_order)),
    ("1 events hold their rooms", events.rooms_out_of_step),
    ("2 seats are counted right", events.seats_counted_wrong),
    ("2 every seat has its ticket", events.registrations_without_their_places),
    ("2 registrations and orders agree", events.registrations_that_contradict_their_order),
    ("2 waiting lists go in order", events.offers_out_of_order),
    ("2 quotes hold their spaces", rentals.quotes_out_of_step),
    (
        "3 quotes add up, and what was accepted is proved",
        _timeless(rentals.quotes_that_contradict_themselves),
    ),
    ("3 rentals ended as their documents say", _timeless(rentals.rentals_that_ended_otherwise)),
    ("3 documents add up", _timeless(money.documents_that_do_not_add_up)),
    ("3 allocations stay within their sums", _timeless(money.money_allocated_beyond_itself)),
    ("3 refunds stay within their payments", _timeless(money.refunds_beyond_their_payment)),
    ("3 transfers are whole", _timeless(collecting.transfers_not_whole)),
    ("3 credits stay within themselves", _timeless(collecting.credits_beyond_themselves)),
    ("3 payouts are the sum of their movements", _timeless(payouts.payouts_that_do_not_add_up)),
    ("3 every movement of a payout is of one payment", _timeless(payouts.movements_out_of_place)),
    ("3 losses are what disputes took", _timeless(payouts.losses_beyond_their_dispute)),
    ("3 VAT is given back once, by a credit note or a loss", _timeless(payouts.vat_given_back_twice)),
    ("3 remittances are what they hold", _timeless(till.remittances_not_whole)),
    ("3 the books balance, and say what documents say", books.books_out_of_step),
    ("4 guards stand on what was issued", hands.guards_that_are_missing),
    ("4 every report issued is as it was", reports.reports_that_changed),
    ("5 numbers have no gap", _timeless(money.numbers_with_a_gap)),
    ("5 the chain of documents is whole", _timeless(money.broken_document_chains)),
    ("5 the chain of payments is whole", _timeless(money.broken_payment_chains)),
    ("5 the chains of closings are whole", _timeless(till.broken_closing_chains)),
    ("5 every archive is as it was made", _timeless(till.archives_not_as_made)),
    ("5 every movement of money is in it", _timeless(money.movements_outside_the_chain)),
    ("5 what was accepted was invoiced once", _timeless(money.orders_without_their_invoice)),
    ("5 what a card paid is paid", _timeless(money.cards_that_left_something_owed)),
    ("6 every payment led to something", money.payments_left_unsettled),
    ("6 every event was handled", hands.events_left_unhandled),
    ("7 every message due went out", hands.messages_left_unsent),
    ("7 every day was closed", till.days_left_open),
    ("7 every hold ended in time", hands.holds_left_standing),
    ("7 every offer ended in time", events.seats_held_too_long),
    ("7 cancelled events were called off", events.events_left_half_cancelled),
    ("7 registrants were forgotten in time", events.registrants_kept_too_long),
    ("7 salts of visitors went in time", events.salts_kept_too_long),
    ("7 visitors are of the year of their event", _timeless(events.visitors_of_another_year)),
    ("7 every quote ended in time", rentals.quotes_left_standing),
    ("7 who asked to rent was forgotten in time", rentals.requesters_kept_too_long),
    ("7 who closed their account is forgotten", _timeless(privacy.erased_accounts_still_known)),
    ("7 every account closed was erased in time", privacy.closings_left_standing),
    ("7 copies of data are made and deleted in time", privacy.copies_left),
    ("7 every dunning letter has its message", _timeless(collecting.letters_without_their_message)),
    ("7 every refund was sent", hands.refunds_left_unsent),
    ("7 every document has its file", hands.documents_without_their_file),
    ("7 every quote has its file", hands.quotes_without_their_file),
    ("8 every right of a role exists", hands.roles_out_of_step),
)


@dataclass(frozen=True)
class Finding:
    """What one check found: nothing when `details` is empty."""

    name: str
    details: tuple[str, ...]
    more: int


def findings(now: datetime) -> Iterator[Finding]:
    """Run every check over the database as it is."""
    for name, check in CHECKS:
        found = check(now)
        details = tuple(islice(found, SHOWN))
        yield Finding(name, details, sum(1 for _rest in found))
