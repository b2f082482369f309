"""Who is invoiced: as confirmed when the quote was accepted, or as the manager corrected it since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from billing.customers import change_address
from billing.models import Customer, DocumentSnapshot, Quote
from billing.quotes.offers import offer_of
from bookings.errors_ending import NotUnderWay
from bookings.models import RentalQuote, Site
from bookings.services.rentals.answering import accept_quote
from bookings.services.rentals.balancing import documents_of, make_balance
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.correcting import correct_buyer
from tests.bookings.rentals.steps import AFTER, WHO, pay_advance
from tests.factories.bookings import NOW, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_sent

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Nuages bas SARL",
    "address": "1, rue de l’Essai",
    "postcode": "76000",
    "city": "Rouen",
    "siren": "732829320",
}
NEXT = DAY + timedelta(days=7)
ELSEWHERE = {"address": "9, quai du Changement", "postcode": "14000", "city": "Caen"}
ASKED = {"email": "nuages@cantine.example", "organisation_name": "Nuages bas", "buyer": "business"}


def accept(site: Site, day: date = DAY, **said: str) -> RentalQuote:
    evidence = replace(WHO, buyer={**SAID, **said})
    sent = make_sent(site, now=NOW, period=on(day, time(14), time(18)), **ASKED)
    return accept_quote(rental=sent, evidence=evidence, now=NOW)


def balance(rental: RentalQuote) -> None:
    make_balance(rental=rental, lines=offer_of(rental.quote).lines, by=None, now=AFTER)


def cancel(rental: RentalQuote) -> None:
    cancel_rental(rental=rental, by=None, now=NOW)


def buyers(rental: RentalQuote) -> list[tuple[str, str, str, str]]:
    """Name, address, SIREN and kind on each document, the first first."""
    rows = DocumentSnapshot.objects.filter(document__in=documents_of(rental.request)).order_by("document_id")
    said = [row.content["buyer"] for row in rows]
    return [(each["name"], each["address"], each["siren"], each["kind"]) for each in said]


@pytest.mark.parametrize("ends", [balance, cancel])
def test_a_customer_that_changes_meanwhile_leaves_the_documents_as_accepted(
    site: Site, ends: Callable[[RentalQuote], None]
) -> None:
    rental = accept(site)
    pay_advance(rental)
    customer = rental.quote.customer
    other = accept(site, NEXT, **ELSEWHERE)
    assert other.quote.customer == customer
    change_address(customer=customer, name="Tout autre chose", buyer="consumer", siren="", **ELSEWHERE)
    ends(rental)
    as_accepted = (SAID["name"], SAID["address"], SAID["siren"], "business")
    assert buyers(rental) == [as_accepted] * 2


def test_what_was_not_known_is_kept_for_the_next_time_and_what_was_known_stays(site: Site) -> None:
    accept(site)
    accept(site, NEXT, **ELSEWHERE)
    customer = Customer.objects.get(email=ASKED["email"])
    assert (customer.name, customer.address, customer.city, customer.siren) == (
        "Nuages bas", SAID["address"], "Rouen", SAID["siren"],
    )  # fmt: skip


def test_a_correction_counts_for_what_is_left_to_invoice_and_not_after(site: Site) -> None:
    rental, manager = accept(site), make_user(role="manager")
    pay_advance(rental)
    correct_buyer(rental=rental, said={"address": "2, rue Juste"}, by=manager, now=NOW)
    balance(rental)
    assert [address for _name, address, _siren, _kind in buyers(rental)] == [SAID["address"], "2, rue Juste"]
    with pytest.raises(NotUnderWay):
        correct_buyer(rental=rental, said={"address": "3, rue Tardive"}, by=manager, now=AFTER)
    quote = Quote.objects.get()
    assert quote.accepted_buyer == {**quote.buyer.words, "address": SAID["address"]}


def test_a_vat_number_of_another_company_is_on_no_document(site: Site) -> None:
    rental = make_sent(site, now=NOW, **ASKED)
    theirs = {"siren": "303265045", "vat_number": "FR40303265045"}
    Customer.objects.filter(pk=rental.quote.customer_id).update(**theirs)
    accept_quote(rental=rental, evidence=replace(WHO, buyer=SAID), now=NOW)
    words = Quote.objects.get().buyer.words
    assert (words["siren"], words["vat_number"]) == (SAID["siren"], "")
    manager = make_user(role="manager")
    correct_buyer(rental=rental, said=theirs, by=manager, now=NOW)
    correct_buyer(rental=rental, said={"siren": SAID["siren"]}, by=manager, now=NOW)
    assert Quote.objects.get().buyer.vat_number == ""


def test_a_correction_reaches_an_advance_that_is_not_paid_yet(site: Site) -> None:
    rental = accept(site)
    correct_buyer(rental=rental, said={"name": "Nuages hauts"}, by=make_user(role="manager"), now=NOW)
    pay_advance(rental)
    assert [name for name, *_rest in buyers(rental)] == ["Nuages hauts"]
