"""« Aujourd'hui »: who is expected, who has come, what waits."""

from collections.abc import Iterator
from datetime import time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from billing.models import Anomaly
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Preparation, Presence, Space
from bookings.services import presence
from bookings.services.freeing import cancel_booking
from members.models import Message
from tests.bookings.steps import desk
from tests.factories.bookings import NOW, TOMORROW, make_booking, make_confirmed, make_house, morning, on
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request, make_rented_house

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(role="manager"))
    return client


def test_the_table_tells_who_is_expected_and_who_has_come(client: Client) -> None:
    make_house()
    expected, come = (make_confirmed(space=desk(number), period=morning(TODAY)) for number in (1, 2))
    presence.arrive(booking=come, by=make_user(role="manager"), now=NOW)
    page = client.get(reverse("admin:index"))
    assert page.context["expected_count"] == 1
    assert [row.booking for row in page.context["rows"]] == [expected]
    assert page.context["figures"].here == 1
    assert page.context["figures"].free_desks == 1
    arrived = client.get(reverse("admin:index"), {"voir": "arrives"})
    assert [row.booking for row in arrived.context["rows"]] == [come]


def test_pointing_and_taking_it_back(client: Client) -> None:
    make_house()
    booking = make_confirmed(space=desk(), period=morning(TODAY))
    arrived = client.post(reverse("admin:arrive", args=[booking.pk]), {"retour": "/gestion/?voir=tous"})
    assert arrived.headers["Location"] == "/gestion/?voir=tous"
    assert Presence.objects.get().booking == booking
    client.post(reverse("admin:undo_arrival", args=[booking.pk]))
    assert not Presence.objects.exists()


def test_pointing_on_another_day_is_refused_and_writes_nothing(client: Client) -> None:
    make_house()
    booking = make_confirmed(space=desk(), period=morning(TOMORROW))
    page = client.post(
        reverse("admin:arrive", args=[booking.pk]), {"retour": "//ailleurs.example"}, follow=True
    )
    assert page.redirect_chain == [(reverse("admin:index"), 302)]
    assert "le jour de la réservation" in page.content.decode()
    assert not Presence.objects.exists()


def test_a_room_to_make_ready_and_a_message_that_failed_are_to_do(client: Client) -> None:
    site = make_house()
    room = Space.objects.select_related("site").get(site=site, code="a")
    make_confirmed(space=room, period=on(TODAY, time(10), time(12)))
    Message.objects.create(
        key="x", to="x@cantine.example", language="fr", template="bookings/closed", state="failed"
    )
    page = client.get(reverse("admin:index"))
    assert [item.icon for item in page.context["todo"]] == ["board", "mail"]
    timeline = page.context["timeline"]
    blocks = {row.name: [block.when for block in row.blocks] for row in timeline.rows}
    assert sum(map(len, blocks.values())) == 1
    assert timeline.now_x is None


def test_who_keeps_the_money_is_asked_nothing_that_is_for_a_manager_to_do(client: Client) -> None:
    site = make_rented_house()
    manager = make_user(role="manager")
    room = Space.objects.select_related("site").get(site=site, code="a")
    make_confirmed(space=room, period=on(TODAY, time(10), time(12)))
    make_rental_request(site)
    booking = make_booking(space=desk(1), period=morning(TOMORROW))
    assert booking.line is not None
    order = booking.line.order
    take_at_desk(order=order, method="cash", by=manager, now=NOW)
    cancel_booking(booking=booking, by=manager, now=NOW)
    Anomaly.objects.create(
        kind=Anomaly.Kind.MISMATCH, order=order, key="x", detail="Un essai.", noticed_at=NOW
    )
    asked = [item.verb for item in client.get(reverse("admin:index")).context["todo"]]
    assert asked == ["Prête", "Répondre", "Rendu", "Régler"]
    client.force_login(make_user(role="treasurer"))
    assert [item.verb for item in client.get(reverse("admin:index")).context["todo"]] == ["Régler"]


def test_a_room_noted_as_ready_is_no_longer_to_do(client: Client) -> None:
    site = make_house()
    room = Space.objects.select_related("site").get(site=site, code="a")
    booking = make_confirmed(space=room, period=on(TODAY, time(10), time(12)))
    html = client.get(reverse("admin:index")).content.decode()
    ready = reverse("admin:make_ready", args=[booking.pk])
    assert ready in html
    assert "à préparer" in html
    for _time in range(2):
        assert client.post(ready, {"retour": "/gestion/"}).headers["Location"] == "/gestion/"
    noted = Preparation.objects.get()
    assert (noted.booking, noted.ready_at) == (booking, NOW)
    page = client.get(reverse("admin:index"))
    assert page.context["todo"] == []
    assert page.context["rows"][0].state[1] == "prête"


def test_a_room_nobody_holds_any_more_is_not_made_ready(client: Client) -> None:
    site = make_house()
    room = Space.objects.select_related("site").get(site=site, code="a")
    booking = make_confirmed(space=room, period=on(TODAY, time(10), time(12)))
    cancel_booking(booking=booking, by=make_user(role="manager"), now=NOW)
    client.post(reverse("admin:make_ready", args=[booking.pk]))
    assert not Preparation.objects.exists()


def test_the_time_line_names_who_has_each_room_and_marks_now(client: Client) -> None:
    site = make_house()
    room = Space.objects.select_related("site").get(site=site, code="a")
    person = make_user(name="Camille Frise")
    make_confirmed(space=room, period=on(TODAY, time(10), time(12)), user=person)
    make_booking(space=room, period=on(TODAY, time(14), time(14, 30)), user=person)
    for start in (16, 17):
        make_confirmed(space=room, period=on(TODAY, time(start), time(start + 1)), user=person)
    with time_machine.travel(on(TODAY, time(10, 30), time(11)).start, tick=False):
        page = client.get(reverse("admin:index"))
    line = page.context["timeline"]
    first, second, short, last = next(row for row in line.rows if row.blocks).blocks
    assert (short.words, short.who, last.words) == ("CF", "Camille Frise", "Camille Frise")
    assert [(block.words, block.kind, block.beside) for block in (first, second)] == [
        ("Camille Frise", "taken", False),
        ("Camille Frise", "held", True),
    ]
    assert first.x < line.now_x < first.x + first.w
    html = page.content.decode()
    assert "line-now" in html
    assert html.count('class="line-words') == 4
    assert html.count("<title>") == 5


def test_a_joined_room_stands_on_both_rows_of_the_time_line(client: Client) -> None:
    site = make_house()
    joined = Space.objects.select_related("site").get(site=site, code="ab")
    make_confirmed(space=joined, period=on(TODAY, time(14), time(16)))
    rows = client.get(reverse("admin:index")).context["timeline"].rows
    assert [len(row.blocks) for row in rows] == [1, 1]


def test_what_is_to_pay_at_the_desk_is_said(client: Client) -> None:
    make_house()
    booking = make_booking(space=desk(), period=morning(TODAY))
    html = client.get(reverse("admin:index")).content.decode()
    assert booking.line is not None
    assert reverse("admin:take", args=[booking.line.order_id]) in html
    assert "à régler" in html


def test_nonsense_in_the_address_shows_today(client: Client) -> None:
    make_house()
    page = client.get(reverse("admin:index"), {"jour": "hier", "site": "nulle-part", "voir": "rien"})
    assert page.status_code == 200
    assert page.context["day"] == TODAY


def test_without_any_site_it_says_where_to_begin(client: Client) -> None:
    assert not Booking.objects.exists()
    assert reverse("admin:settings") in client.get(reverse("admin:index")).content.decode()
