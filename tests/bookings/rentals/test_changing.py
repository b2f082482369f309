"""Asking for a change by the private link: it reaches who answers, with a receipt, and changes nothing."""

from datetime import time

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.models import RentalChange, RentalQuote, RentalRequest, Site
from bookings.rental_thread import thread_of
from bookings.services.rentals.following import plan_next
from members.messages import kinds
from members.models import Message
from tests.bookings.rentals.steps import state
from tests.factories.bookings import NOW
from tests.factories.members import make_user
from tests.factories.rentals import DAY, make_rental_request, make_won

pytestmark = pytest.mark.django_db
STANDS = {
    "day": DAY.isoformat(), "starts": "14:00", "ends": "18:00", "people": "10", "layout": "conseil",
    "words": "",
}  # fmt: skip


def address(request: RentalRequest) -> str:
    return reverse("bookings:rent_change", args=[request.key])


def test_what_differs_reaches_the_manager_and_is_acknowledged(site: Site) -> None:
    manager, rental, browser = make_user(role="manager"), make_won(site), Client()
    request = rental.request
    plan_next(request=request, action="Relancer pour l’acompte", on=None)
    Message.objects.all().delete()
    assertContains(browser.get(address(request)), 'value="14:00"')
    typed = {**STANDS, "ends": "20:00", "people": "30", "words": "Nous dînons sur place."}
    answer = browser.post(address(request), typed)
    assertRedirects(answer, request.get_absolute_url(), fetch_redirect_response=False)
    assert browser.post(address(request), typed).status_code == 302
    change = RentalChange.objects.get()
    assert (change.day, change.starts, change.ends, change.people) == (None, time(14), time(20), 30)
    request.refresh_from_db()
    assert request.next_action == "Répondre au changement demandé\u202f; Relancer pour l’acompte"
    assert request.next_action_on == NOW.date()
    owed = {row.to: row for row in Message.objects.all()}
    assert set(owed) == {request.email, manager.email}
    for row in owed.values():
        said = kinds.kind_of(row.template).load(row.ids)
        assert said is not None
        assert ("Personnes", "30") in said["changed"]
    (entry,) = [each for each in thread_of(request, opens_messages=False) if each.icon == "hand"]
    assert "14\u00a0h\u00a0–\u00a020\u00a0h" in entry.detail
    assert "Nous dînons sur place." in entry.detail
    page = browser.get(request.get_absolute_url())
    assertContains(page, "Votre demande de changement est partie")
    assertContains(page, "Nous dînons sur place.")
    assert RentalQuote.objects.get(pk=rental.pk).period == rental.period
    assert state(rental) == "won"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({}, "Rien ne change"), ({"day": "2026-11-01"}, "Ce jour est passé"), ({"people": "0"}, "form-errors")],
)
def test_what_changes_nothing_or_cannot_be_is_refused(site: Site, wrong: dict[str, str], told: str) -> None:
    request = make_rental_request(site)
    answer = Client().post(address(request), {**STANDS, **wrong})
    assertContains(answer, told, status_code=422)
    assert not RentalChange.objects.exists()
    assert not Message.objects.exists()


def test_what_is_closed_is_not_changed(site: Site) -> None:
    request = make_rental_request(site, state="lost")
    assertRedirects(Client().post(address(request), {**STANDS, "people": "30"}), request.get_absolute_url())
    assertNotContains(Client().get(request.get_absolute_url()), address(request))
    assert not RentalChange.objects.exists()
