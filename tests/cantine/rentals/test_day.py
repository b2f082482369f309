"""The day of a rental in /gestion/: whom its holder calls, moving it, tomorrow's set-up, feedback."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.models import Booking, RentalDay, RentalQuote, RentalSpace, Site
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.thanking import give_feedback
from cantine.gestion import sheet
from tests.bookings.rentals.steps import AFTER, make_accepted, pay_advance
from tests.factories.bookings import NOW, PARIS, on
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def rental(site: Site) -> RentalQuote:
    rental = make_accepted(site)
    pay_advance(rental)
    return rental


def address(rental: RentalQuote, name: str = "rental_day") -> str:
    return reverse(f"admin:{name}", args=[rental.request_id])


def record(rental: RentalQuote) -> str:
    return address(rental, "bookings_rentalrequest_change")


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
    hours = {"do": "move", "starts": "19:00", "ends": "23:00", f"space_{booking.pk}": str(booking.space_id)}
    assert client.post(address(rental), {**hours, "ends": "18:00"}).status_code == 422
    assertRedirects(client.post(address(rental), hours), address(rental))
    assertContains(client.get(record(rental)), "19\u00a0h\u00a0–\u2060\u00a023\u00a0h (le devis disait")
    (setup,) = sheet.read(site, DAY)
    assert setup.when.endswith("19\u00a0h\u00a0–\u2060\u00a023\u00a0h")
    assert dict(setup.facts)["Prête à"] == "18\u00a0h\u00a030"


def test_where_somebody_else_is_it_does_not_move(client: Client, rental: RentalQuote, site: Site) -> None:
    make_sent(site, period=on(DAY, time(20), time(21), PARIS))
    (booking,) = Booking.objects.confirmed()
    hours = {"do": "move", "starts": "19:00", "ends": "23:00", f"space_{booking.pk}": str(booking.space_id)}
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
    for at in ("changelist", "change"):
        args = [space.pk] if at == "change" else []
        page = client.get(reverse(f"admin:bookings_rentalspace_{at}", args=args))
        assertContains(page, "4 sur 5 · 1 avis reçu · 1 louerait de nouveau")
    assert client.get(reverse("admin:bookings_rentalspace_add")).status_code == 200
