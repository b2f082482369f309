"""The day of a rental in /gestion/: whom its holder calls, moving it, tomorrow's set-up, feedback."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.models import (
    Booking,
    RentalChange,
    RentalDay,
    RentalQuote,
    RentalRequest,
    RentalSpace,
    Site,
)
from bookings.period import at
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.changing import Wanted, answer_change, ask_change
from bookings.services.rentals.pipeline import staged
from bookings.services.rentals.reminding import tell_changes
from bookings.services.rentals.thanking import give_feedback
from cantine.gestion import sheet
from members.messages import kinds
from members.models import Message
from tests.bookings.rentals.steps import AFTER, HALL, make_accepted, pay_advance
from tests.factories.bookings import NOW, PARIS, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_sent

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def accepted(house: Site) -> int:
    with time_machine.travel(NOW, tick=False):
        rental = make_accepted(house)
        pay_advance(rental)
    return rental.pk


@pytest.fixture
def rental(accepted: int) -> RentalQuote:
    return RentalQuote.objects.get(pk=accepted)


def address(rental: RentalQuote, name: str = "rental_day") -> str:
    return reverse(f"admin:{name}", args=[rental.request_id])


def record(rental: RentalQuote) -> str:
    return address(rental, "bookings_rentalrequest_change")


def moving(booking: Booking, **other: str) -> dict[str, str]:
    """What the form sends: as it was agreed, but for `other`."""
    stands = {"do": "move", "day": DAY.isoformat(), "starts": "14:00", "ends": "18:00", "people": "10"}
    return {**stands, "layout": "", f"space_{booking.pk}": str(booking.space_id), **other}


def test_the_manager_names_who_is_on_duty_and_the_sheets_say_it(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    assertContains(client.get(record(rental)), address(rental))
    assertContains(client.get(address(rental)), "L’équipe de la Cantine")
    sent = {"do": "contact", "name": "Zoé Essai", "phone": "06 00 00 00 00"}
    assertRedirects(client.post(address(rental), sent), address(rental))
    assertContains(client.get(address(rental)), "Zoé Essai, 06 00 00 00 00")
    assert dict(sheet.read(site, DAY)[0].facts)["De notre côté"] == "Zoé Essai, 06 00 00 00 00"
    assert client.post(address(rental), {"do": "contact", "name": "Z" * 121}).status_code == 422
    assert RentalDay.objects.get().contact_name == "Zoé Essai"


def test_it_is_moved_within_its_day_and_the_day_sheet_follows(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    (booking,) = Booking.objects.all()
    hours = moving(booking, starts="19:00", ends="23:00")
    assert client.post(address(rental), {**hours, "ends": "18:00"}).status_code == 422
    assertRedirects(client.post(address(rental), hours), address(rental))
    assertContains(client.get(record(rental)), "19\u00a0h\u00a0–\u2060\u00a023\u00a0h (le devis disait")
    (setup,) = sheet.read(site, DAY)
    assert setup.when.endswith("19\u00a0h\u00a0–\u2060\u00a023\u00a0h")
    assert dict(setup.facts)["Prête à"] == "18\u00a0h\u00a030"


def test_a_change_agreed_to_is_carried_out_and_every_page_says_it(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    (booking,), day = Booking.objects.all(), DAY + timedelta(days=1)
    change = ask_change(
        request=rental.request,
        wanted=Wanted(day=day, starts=time(14), ends=time(20), people=45, layout="theatre"),
        now=NOW,
    )
    answer, prepared = address(rental, "answer_change"), f"{address(rental)}?changement=oui"
    page = client.get(answer)
    assertContains(page, "Pas encore fait")
    assertContains(page, f"{prepared}#jour-heures")
    assertContains(client.get(prepared), 'value="45"')
    other = {"day": day.isoformat(), "ends": "20:00", "layout": "theatre"}
    too_many = client.post(prepared, moving(booking, **other, people="46"))
    assertContains(too_many, "45 personnes", status_code=422)
    assert not RentalDay.objects.exists()
    assertRedirects(client.post(prepared, moving(booking, **other, people="45")), answer)
    assertContains(client.get(answer), "déjà en place")
    answer_change(
        change=change, outcome=RentalChange.Outcome.DONE, words="D’accord.", by=make_user(), now=NOW
    )
    letter = kinds.kind_of("rentals/change_answered").load(
        {"request": rental.request_id, "change": change.pk}
    )
    assert letter is not None
    assert letter["when"] == "dimanche 13 décembre 2026, 14\u00a0h\u00a0–\u2060\u00a020\u00a0h"
    assert tell_changes(NOW) == 1
    told = Message.objects.get(template="rentals/changed")
    assert told.ids["said"] == ["when", "people", "layout"]
    said = kinds.kind_of(told.template).load(told.ids)
    assert said is not None
    assert ("Personnes", "45") in said["changes"]
    assert ("Disposition", "En théâtre") in said["changes"]
    (setup,) = sheet.read(site, day)
    assert {"Personnes": "45", "Disposition": "En théâtre"}.items() <= dict(setup.facts).items()
    found = RentalRequest.objects.get(pk=rental.request_id)
    moved = "45 (le devis disait 10)"
    for seen in (client.get(record(rental)), Client().get(found.get_absolute_url())):
        assertContains(seen, moved)
        assertContains(seen, "La date a changé")
    assertContains(Client().get(reverse("bookings:rent_sheet", args=[found.key])), "45")
    assertContains(Client().get(reverse("bookings:rent_change", args=[found.key])), 'value="45"')
    (row,) = staged(NOW)
    assert row.starts_at == at(day, time(14), PARIS)
    assert row.ends_at == at(day, time(20), PARIS)
    assert not RentalRequest.objects.to_invoice(rental.period.end).exists()
    assert RentalRequest.objects.to_invoice(row.ends_at).exists()


def test_the_answer_says_what_was_agreed_to_where_it_is_not_moved_yet(
    client: Client, rental: RentalQuote
) -> None:
    change = ask_change(request=rental.request, wanted=Wanted(starts=time(9), ends=time(19)), now=NOW)
    answer_change(
        change=change, outcome=RentalChange.Outcome.DONE, words="D’accord.", by=make_user(), now=NOW
    )
    letter = kinds.kind_of("rentals/change_answered").load(
        {"request": rental.request_id, "change": change.pk}
    )
    assert letter is not None
    assert letter["when"].endswith("9\u00a0h\u00a0–\u2060\u00a019\u00a0h")


def test_invoiced_early_it_is_still_to_come_until_its_day_is_over(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    asked = rental.request
    private = asked.get_absolute_url()
    assertContains(Client().get(private), "sur facture après la location")
    assertNotContains(Client().get(private), "La réservation est ferme quand")
    make_balance(rental=rental, lines=[HALL], by=None, now=NOW, before_end=True)
    page = client.get(record(rental))
    assertContains(page, "facturée")
    assertContains(page, address(rental))
    assertNotContains(page, "terminée")
    seen = Client().get(private)
    assertContains(seen, "Votre location est facturée")
    assertContains(seen, reverse("bookings:rent_change", args=[asked.key]))
    assertNotContains(seen, "passée")
    ask_change(request=asked, wanted=Wanted(people=12), now=NOW)
    assert RentalRequest.objects.to_follow(NOW.date()).get() == asked
    with time_machine.travel(AFTER, tick=False):
        assertContains(Client().get(private), "Votre location est passée")


def test_the_balance_says_what_stands_and_what_is_to_be_added(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    (booking,) = Booking.objects.all()
    client.post(address(rental), moving(booking, ends="20:00", people="18"))
    page = client.get(address(rental, "balance"))
    assertContains(page, "À ajouter\u00a0: 2\u00a0h, 8 personnes.")
    assertContains(page, "14\u00a0h\u00a0–\u2060\u00a020\u00a0h")


def test_where_somebody_else_is_it_does_not_move(client: Client, rental: RentalQuote, site: Site) -> None:
    make_sent(site, period=on(DAY, time(20), time(21), PARIS))
    (booking,) = Booking.objects.confirmed()
    hours = moving(booking, starts="19:00", ends="23:00")
    assertContains(client.post(address(rental), hours), "déjà pris", status_code=409)
    before = booking.during
    booking.refresh_from_db()
    assert booking.during == before
    assert not RentalDay.objects.exists()


def test_without_a_day_to_come_there_is_no_page_and_others_have_none(
    client: Client, rental: RentalQuote
) -> None:
    for role in ("treasurer", "volunteer", "coworker"):
        browser = Client()
        browser.force_login(make_user(role=role))
        assert browser.post(address(rental), {"do": "contact", "name": "Zoé"}).status_code == 403
    cancel_rental(rental=rental, by=None, now=NOW)
    assertRedirects(client.post(address(rental), {"do": "contact", "name": "Zoé"}), record(rental))
    assert not RentalDay.objects.exists()


def test_the_manager_corrects_who_is_invoiced(client: Client, rental: RentalQuote) -> None:
    page = client.get(address(rental, "rental_buyer"))
    assertContains(page, rental.quote.buyer.name)
    typed = {"name": "Nuages hauts", "address": "2, rue Juste", "postcode": "76000", "city": "Rouen"}
    assertContains(
        client.post(address(rental, "rental_buyer"), {**typed, "postcode": "7"}), "76140", status_code=422
    )
    assertRedirects(client.post(address(rental, "rental_buyer"), typed), record(rental))
    assert rental.quote.buyer.address == "2, rue Juste"
    assertContains(client.get(record(rental)), "Qui est facturé, corrigé")


def test_what_is_set_up_tomorrow_is_to_do_the_day_before(
    client: Client, rental: RentalQuote, site: Site
) -> None:
    make_sent(site, period=on(DAY, time(9), time(10), PARIS))  # an option is not sure
    eve = datetime.combine(DAY - timedelta(days=1), time(18), PARIS)
    with time_machine.travel(eve, tick=False):
        client.force_login(make_user(role="manager"))
        page = client.get(reverse("admin:index"), {"site": site.code})
    assertContains(page, "1 mise en place demain")
    assertContains(page, f"jour={DAY.isoformat()}")
    with time_machine.travel(eve - timedelta(days=1), tick=False):
        assertNotContains(client.get(reverse("admin:index"), {"site": site.code}), "demain")


def test_feedback_is_read_on_the_record_in_the_thread_and_by_space(
    client: Client, rental: RentalQuote
) -> None:
    give_feedback(rental=rental, rating=4, again=True, text="Bien reçus.", now=AFTER)
    said = "4 sur 5 · louerait de nouveau · Bien reçus."
    page = client.get(record(rental))
    assertContains(page, said, count=2)
    assertContains(page, "Avis reçu")
    space = RentalSpace.objects.get(space__code="quai")
    for page_of in ("changelist", "change"):
        args = [space.pk] if page_of == "change" else []
        page = client.get(reverse(f"admin:bookings_rentalspace_{page_of}", args=args))
        assertContains(page, "4 sur 5 · 1 avis reçu · 1 louerait de nouveau")
    assert client.get(reverse("admin:bookings_rentalspace_add")).status_code == 200
