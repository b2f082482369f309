"""The manager's tools through the browser's requests, against the real services."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from billing.models import Anomaly, Customer, Document, Order, Payment, Refund
from billing.settlement.services import take_at_desk
from bookings.models import Booking, Closure, Space
from members.models import Message, User
from tests.factories.billing import make_customer
from tests.factories.bookings import NOW, TOMORROW, make_booking, make_confirmed, make_house, morning, on
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


@pytest.fixture
def client(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def desk(number: int = 1) -> Space:
    return Space.objects.select_related("site").get(kind="desk", number=number)


def asked(space: Space, **more: str) -> dict[str, str]:
    """What the counter's form sends."""
    kind, site = space.kind, space.site.code
    form = {
        "site": site,
        "jour": f"{TOMORROW}",
        "sorte": kind,
        "moment": "morning",
        "de": "10:00",
        "a": "11:00",
    }
    return {**form, "espace": str(space.pk), "paiement": "cash", **more}


def test_a_contact_is_noted_then_books_and_pays_in_cash(client: Client, manager: User) -> None:
    make_house()
    contact = {"name": "Passage Imaginaire", "email": "Passage@cantine.example", "language": "fr"}
    sent = client.post(reverse("admin:counter"), contact)
    customer = Customer.objects.get(email="passage@cantine.example")
    assert customer.kind == Customer.Kind.CONTACT
    sell = sent.headers["Location"]
    assert sell.startswith(reverse("admin:sell", args=[customer.pk]))
    offered = client.get(sell, asked(desk()))
    assert {offer.space.number for offer in offered.context["offers"]} == {1, 2, 3}
    sold = client.post(reverse("admin:sell", args=[customer.pk]), asked(desk()))
    booking = Booking.objects.get()
    assert sold.headers["Location"] == reverse("admin:bookings_booking_change", args=[booking.pk])
    assert (booking.state, booking.customer, booking.booked_by) == ("confirmed", customer, manager)
    payment = Payment.objects.get()
    assert (payment.method, payment.amount, payment.operator) == ("cash", Decimal("9.00"), manager)
    assert Document.objects.get().total_incl == Decimal("9.00")


def test_the_same_address_again_is_the_same_contact_and_a_persons_is_theirs(client: Client) -> None:
    person = make_user()
    for _time in range(2):
        client.post(reverse("admin:counter"), {"name": "X", "email": "x@cantine.example", "language": "fr"})
    client.post(reverse("admin:counter"), {"name": "Y", "email": person.email.upper(), "language": "fr"})
    assert Customer.objects.filter(kind="contact").count() == 1
    assert Customer.objects.get(kind="user").user == person


def test_on_arrival_holds_the_place_until_the_first_hour_is_over(client: Client) -> None:
    make_house()
    customer = make_customer(make_user())
    client.post(reverse("admin:sell", args=[customer.pk]), asked(desk(), paiement="later", espace="libre"))
    booking = Booking.objects.get()
    assert booking.state == "held"
    assert booking.held_until == on(TOMORROW, time(9), time(10)).end
    assert Order.objects.get().means == Order.Means.DESK


def test_on_invoice_is_only_for_customers_with_terms(client: Client) -> None:
    make_house()
    without, having = make_customer(make_user()), make_customer(make_user(), terms_days=30)
    refused = client.post(reverse("admin:sell", args=[without.pk]), asked(desk(), paiement="terms"))
    assert refused.status_code == 200
    assert not Booking.objects.exists()
    client.post(reverse("admin:sell", args=[having.pk]), asked(desk(), paiement="terms"))
    assert Booking.objects.get().state == "confirmed"


def test_a_taken_desk_is_refused_with_what_was_typed_kept(client: Client) -> None:
    make_house()
    make_confirmed(space=desk())
    page = client.post(
        reverse("admin:sell", args=[make_customer(make_user()).pk]), asked(desk(), paiement="cheque")
    )
    assert page.status_code == 200
    assert page.context["paid"] == "cheque"
    assert page.context["form"]["jour"].value() == f"{TOMORROW}"
    assert "pris" in page.content.decode()
    assert Booking.objects.count() == 1
    assert not Payment.objects.exists()


def test_a_room_goes_by_the_hour(client: Client) -> None:
    site = make_house()
    room = Space.objects.select_related("site").get(site=site, code="a")
    client.post(reverse("admin:sell", args=[make_customer(make_user()).pk]), asked(room, paiement="terminal"))
    assert Booking.objects.get().period.utc == on(TOMORROW, time(10), time(11)).utc


def test_a_closed_day_and_hours_that_are_none_are_refused_kindly(client: Client) -> None:
    make_house()
    at = reverse("admin:sell", args=[make_customer(make_user()).pk])
    sunday = client.get(at, asked(desk(), jour="2026-11-29"))
    assert sunday.status_code == 200
    assert "offers" not in sunday.context
    backwards = client.get(at, asked(desk(), sorte="room", de="11:00", a="10:00"))
    assert "La fin doit venir après le début." in backwards.content.decode()


def test_taking_money_settles_the_order_once(client: Client) -> None:
    make_house()
    booking = make_booking(space=desk(), period=morning(TODAY))
    assert booking.line is not None
    at = reverse("admin:take", args=[booking.line.order_id])
    page = client.get(at).content.decode()
    assert f"{reverse('admin:transfer')}?montant=9.00" in page
    assert 'value="transfer"' not in page
    assert client.post(at, {"method": "transfer"}).status_code == 200
    assert not Payment.objects.exists()
    assert "9,00" in client.get(at).content.decode()
    assert client.post(at, {"method": "terminal"}).status_code == 302
    client.post(at, {"method": "terminal"})
    client.post(at, {"method": "monnaie de singe"})
    assert Payment.objects.count() == 1
    assert Booking.objects.get().state == "confirmed"


def test_cancelling_says_what_it_gives_back_then_gives_it(client: Client, manager: User) -> None:
    make_house()
    booking = make_booking(space=desk())
    assert booking.line is not None
    take_at_desk(order=booking.line.order, method="cash", by=manager, now=NOW)
    at = reverse("admin:cancel_booking", args=[booking.pk])
    asked_first = client.get(at)
    assert booking.reference in asked_first.content.decode()
    assert asked_first.context["terms"].refunded == Decimal("9.00")
    assert Booking.objects.get().state == "confirmed"
    client.post(at)
    assert Booking.objects.get().state == "cancelled"
    assert Document.objects.filter(kind="credit_note").get().total_incl == Decimal("9.00")
    assert Refund.objects.get().amount == Decimal("9.00")


def test_late_cancelling_keeps_the_share_unless_it_is_waived(client: Client) -> None:
    make_house()
    kept, waived = (make_confirmed(space=desk(number), period=morning(TODAY)) for number in (1, 2))
    client.post(reverse("admin:cancel_booking", args=[kept.pk]))
    client.post(reverse("admin:cancel_booking", args=[waived.pk]), {"waive": "on"})
    amounts = Document.objects.filter(kind="credit_note").order_by("pk").values_list("total_incl", flat=True)
    assert list(amounts) == [Decimal("4.50"), Decimal("9.00")]


def closing(**more: str) -> dict[str, str]:
    site = Space.objects.select_related("site").filter(kind="desk")[0].site
    form = {"site": site.code, "espace": "", "du": f"{TOMORROW}", "au": f"{TOMORROW}", "de": "", "a": ""}
    return {**form, "raison": "Inventaire", **more}


def test_closing_a_day_shows_who_is_hit_and_writes_nothing_until_asked(client: Client) -> None:
    make_house()
    booking = make_confirmed(space=desk())
    page = client.get(reverse("admin:close"), closing())
    assert [hit.booking for _names, hit, _when in page.context["hits"]] == [booking]
    assert not Closure.objects.exists()
    assert Booking.objects.get().state == "confirmed"


def test_closing_a_day_cancels_gives_back_and_tells(client: Client) -> None:
    make_house()
    booking = make_confirmed(space=desk())
    Message.objects.all().delete()
    assert client.post(reverse("admin:close"), closing(deplacer="oui")).status_code == 302
    booking.refresh_from_db()
    assert booking.state == "cancelled"
    assert Closure.objects.get().reason == "Inventaire"
    assert Message.objects.filter(template="bookings/closed").count() == 1


def test_closing_one_desk_moves_its_booking_to_the_nearest(client: Client) -> None:
    make_house()
    booking = make_confirmed(space=desk())
    client.post(reverse("admin:close"), closing(espace=str(desk().pk), deplacer="oui"))
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    assert booking.space.number == 2


def test_a_closure_is_lifted_after_a_question(client: Client) -> None:
    make_house()
    client.post(reverse("admin:close"), closing())
    at = reverse("admin:reopen", args=[Closure.objects.get().pk])
    assert "Inventaire" in client.get(at).content.decode()
    assert Closure.objects.exists()
    client.post(at)
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"au": "2026-11-20"}, {"raison": ""}, {"du": "demain"}, {"espace": "999999"}]
)
def test_closing_with_something_wrong_shows_it_and_writes_nothing(
    client: Client, wrong: dict[str, str]
) -> None:
    make_house()
    page = client.post(reverse("admin:close"), closing(**wrong))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Closure.objects.exists()


def test_a_failed_message_goes_back_to_the_outbox(client: Client) -> None:
    message = Message.objects.create(
        key="x", to="x@cantine.example", language="fr", template="bookings/closed", state="failed", tries=7
    )
    client.post(reverse("admin:send_again", args=[message.pk]))
    message.refresh_from_db()
    assert (message.state, message.tries) == ("owed", 0)


def test_an_anomaly_is_noted_as_dealt_with(client: Client, manager: User) -> None:
    anomaly = Anomaly.objects.create(key="a", kind="mismatch", noticed_at=NOW)
    client.post(reverse("admin:resolve", args=[anomaly.pk]))
    anomaly.refresh_from_db()
    assert anomaly.resolved_by == manager


@pytest.mark.parametrize("role", ["treasurer", "volunteer", "coworker"])
def test_nobody_else_uses_a_tool_and_nothing_changes(role: str) -> None:
    make_house()
    booking = make_booking(space=desk(), period=morning(TODAY))
    assert booking.line is not None
    other = Client()
    other.force_login(make_user(role=role))
    for name, pk in (("arrive", booking.pk), ("cancel_booking", booking.pk), ("take", booking.line.order_id)):
        assert other.post(reverse(f"admin:{name}", args=[pk]), {"method": "cash"}).status_code == 403
    assert other.post(reverse("admin:close"), closing()).status_code == 403
    sell = reverse("admin:sell", args=[booking.customer_id])
    assert other.post(sell, asked(desk(2))).status_code == 403
    assert Booking.objects.get().state == "held"
    assert not Payment.objects.exists()
    assert not Closure.objects.exists()
