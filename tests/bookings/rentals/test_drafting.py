"""A draft of a quote: what it is filled in with, and what the manager makes of it."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from billing.documents.discounting import Discount
from billing.errors import DiscountBeyondInvoice
from billing.models import Customer, Quote
from billing.quotes.offers import OfferedLine, offer_of
from bookings.models import RentalQuote, Site
from bookings.services.rentals.prefilling import Hour, hour_of
from bookings.services.rentals.quoting import What, discard_draft, draft_quote, save_draft
from members.models import Membership
from tests.bookings.rentals.steps import D, states
from tests.factories.bookings import NOW, PARIS, on
from tests.factories.members import make_user
from tests.factories.rentals import (
    DAY,
    make_discount,
    make_draft,
    make_extra,
    make_rental_request,
    make_sent,
    no_tariff,
)

pytestmark = pytest.mark.django_db


def test_a_draft_is_filled_in_from_the_request(site: Site) -> None:
    coffee = make_extra(site, per="person", amount="4.00", vat_rate=D("10.00"), name="Café")
    make_discount(site, "association", 10, label="Remise aux associations")
    make_discount(site, "school", 50)
    request = make_rental_request(site, space=site.spaces.get(code="quai"), buyer="association")
    request.extras.add(coffee)
    rental = draft_quote(request=request, by=None, now=NOW)
    quote = rental.quote
    assert [(line.label, line.quantity, line.unit, line.vat_rate) for line in quote.lines.all()] == [
        ("Le Quai", D(4), "hour", D(20)),
        ("Café", D(10), "person", D(10)),
    ]
    assert (quote.discount_excl, quote.discount_label) == (D("19.00"), "Remise aux associations")
    assert [(row.rate, row.amounts.excl, row.amounts.vat) for row in quote.vat_rows()] == [
        (D(20), D("135.00"), D("27.00")),
        (D(10), D("36.00"), D("3.60")),
    ]
    assert (quote.total_excl, quote.total_vat, quote.total_incl) == (D("171.00"), D("30.60"), D("201.60"))
    assert quote.valid_until == datetime(2026, 12, 2, tzinfo=PARIS)
    assert (quote.advance_percent, quote.confirmation, quote.state) == (30, "on_advance", "draft")
    assert quote.terms is not None
    assert quote.terms.slug == "cgv"
    assert (quote.customer.email, quote.customer.buyer) == (request.email, "association")
    assert (rental.setup_minutes, rental.clearing_minutes) == (30, 30)
    assert [option.space.code for option in rental.options.all()] == ["quai"]
    assert states(rental) == ("draft", "received", [])


def test_a_members_address_is_a_members_discount(site: Site) -> None:
    make_discount(site, "member", 20)
    member = make_user()
    Membership.objects.create(user=member, valid_from=date(2020, 1, 1))
    rental = draft_quote(
        request=make_rental_request(site, space=site.spaces.get(code="quai"), email=member.email),
        by=None,
        now=NOW,
    )
    assert rental.quote.discount_excl == D("30.00")


def test_a_request_has_one_draft_at_a_time(site: Site) -> None:
    first = make_draft(site)
    assert draft_quote(request=first.request, by=None, now=NOW) == first
    assert Quote.objects.count() == 1
    discard_draft(rental=first)
    assert not Quote.objects.exists()


def test_what_the_manager_makes_of_a_draft_is_written_in_its_place(site: Site) -> None:
    rental = make_draft(site)
    offer = offer_of(rental.quote)
    free = OfferedLine("Ménage", D(1), D("40.00"), "ht", D("20.00"))
    what = What([site.spaces.get(code="ab")], rental.period, 60, 0)
    discount = Discount(D("20.00"), "Geste")
    save_draft(rental=rental, what=what, offer=replace(offer, lines=[*offer.lines, free], discount=discount))
    rental.refresh_from_db()
    quote = Quote.objects.get()
    assert (quote.total_excl, quote.total_incl) == (D("170.00"), D("204.00"))
    assert [option.space.code for option in rental.options.all()] == ["ab"]
    assert rental.taken_period == on(DAY, time(13), time(18))
    with pytest.raises(DiscountBeyondInvoice):
        save_draft(rental=rental, what=what, offer=replace(offer, discount=Discount(D(500), "Trop")))
    assert Quote.objects.get().total_excl == D("170.00")


def test_a_quote_is_made_out_to_who_asks_whoever_else_has_that_address(site: Site) -> None:
    known = Customer.objects.create(
        kind="contact", email="jeanne@cantine.example", name="Jeanne Essai", buyer="consumer", city="Rouen"
    )
    hall, asked = site.spaces.get(code="quai"), {"email": "Jeanne@cantine.example", "name": "Jeanne Essai"}
    firm = {**asked, "buyer": "business"}
    request = make_rental_request(site, space=hall, organisation_name="SARL Neuve", **firm)
    quote = draft_quote(request=request, by=None, now=NOW).quote
    assert (quote.customer.name, quote.customer.buyer_kind) == ("SARL Neuve", "business")
    assert (quote.customer.email, quote.customer.city) == ("jeanne@cantine.example", "")
    Customer.objects.filter(pk=quote.customer_id).update(name="Neuve SARL", city="Le Havre")
    quote.delete()
    again = make_rental_request(site, space=hall, organisation_name="neuve sarl", **firm)
    assert draft_quote(request=again, by=None, now=NOW).quote.customer_id == quote.customer_id
    herself = make_rental_request(site, space=hall, **asked)
    assert draft_quote(request=herself, by=None, now=NOW).quote.customer == known


def test_the_next_version_is_for_whom_the_last_one_was_whatever_they_are_called_by_then(site: Site) -> None:
    sent = make_sent(site)
    Customer.objects.filter(pk=sent.quote.customer_id).update(name="Son nom en entier")
    assert draft_quote(request=sent.request, by=None, now=NOW).quote.customer_id == sent.quote.customer_id


def test_an_hour_more_of_several_spaces_is_the_hour_of_each(site: Site) -> None:
    rental = make_draft(site)
    hall, rooms = site.spaces.get(code="quai"), site.spaces.get(code="ab")
    both = What([hall, rooms], rental.period)
    flat = replace(offer_of(rental.quote), lines=[OfferedLine("Tout", D(1), D("300.00"), "ht", D("20.00"))])
    of_hall = OfferedLine("Le Quai", D(4), D("40.00"), "ttc", D("20.00"), "hour")
    for lines, hour in ((flat.lines, D("63.00")), ([of_hall], D("58.00"))):
        save_draft(rental=rental, what=both, offer=replace(flat, lines=lines))
        found = hour_of(RentalQuote.objects.told().get(pk=rental.pk))
        assert found == Hour(hour, "ttc", D("20.00"))
    no_tariff(site)
    assert hour_of(RentalQuote.objects.told().get(pk=rental.pk)) is None
    save_draft(rental=rental, what=What([hall], rental.period), offer=replace(flat, lines=[of_hall]))
    assert hour_of(RentalQuote.objects.told().get(pk=rental.pk)) == Hour(D("40.00"), "ttc", D("20.00"))
