"""Before the day: the reminder with its access sheet, once; then what changed since, once."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import translation
from pytest_django.asserts import assertContains

from bookings.errors_ending import AnotherDay, NotUnderWay, StayOver
from bookings.errors_quote import DateTaken
from bookings.models import Booking, Occupancy, RentalDay, RentalQuote, Site
from bookings.rental_thread import thread_of
from bookings.services.rentals.balancing import make_balance
from bookings.services.rentals.cancelling import cancel_rental
from bookings.services.rentals.erasing import erase_due
from bookings.services.rentals.reminding import remind_due, tell_changes
from bookings.services.rentals.staying import move_rental, name_contact
from bookings.stay import stay_of
from members.messages.sending import send_due
from members.models import Message
from tests.bookings.rentals.steps import AFTER, HALL, make_accepted
from tests.factories.bookings import NOW, PARIS, make_room, on
from tests.factories.rentals import DAY, make_rented_house, make_sent, make_won

pytestmark = pytest.mark.django_db
DUE = datetime(DAY.year, DAY.month, DAY.day - 3, 9, tzinfo=PARIS)
MINUTE = timedelta(minutes=1)
AFTERNOON = on(DAY, time(14), time(18), PARIS)
EVENING = on(DAY, time(17), time(22), PARIS)


@pytest.fixture
def rental(paid: RentalQuote) -> RentalQuote:
    return paid


@pytest.fixture
def site(rental: RentalQuote) -> Site:
    return rental.request.site


def letters(name: str) -> int:
    return Message.objects.filter(template=f"rentals/{name}").count()


def sent(name: str, at: datetime) -> mail.EmailMessage:
    """The only letter of a kind, as it goes out."""
    Message.objects.exclude(template=f"rentals/{name}").delete()
    with time_machine.travel(at, tick=False):
        send_due(now=at + MINUTE)
    return mail.outbox[-1]


def move(rental: RentalQuote, now: datetime = DUE, **what: object) -> RentalDay:
    return move_rental(
        rental=rental,
        now=now,
        **{"period": AFTERNOON, "spaces": {}, **what},  # type: ignore[arg-type]
    )


def remind(rental: RentalQuote) -> None:
    """Remind, and let the letter go."""
    assert remind_due(DUE) == 1
    Message.objects.all().delete()


def test_the_reminder_goes_out_once_three_days_before_by_the_sites_clocks(rental: RentalQuote) -> None:
    assert remind_due(DUE - MINUTE) == 0
    assert (remind_due(DUE), remind_due(DUE), remind_due(DUE + timedelta(days=1))) == (1, 0, 0)
    assert letters("reminder") == 1
    assert rental.day.reminded_at == DUE


def test_it_says_how_to_come_whom_to_call_and_what_is_left_to_pay(rental: RentalQuote, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(
        address="1 rue Inventée", directions="Métro Essai", phone="02 00 00 00 01", door="Porte B",
        door_code="4321", wifi_name="Essai", wifi_password="motdepasse",
    )  # fmt: skip
    name_contact(rental=rental, name="Zoé Essai", phone="06 00 00 00 00")
    remind_due(DUE)
    letter = sent("reminder", DUE)
    assert letter.to == [rental.request.email]
    for said in (
        "1 rue Inventée", "Métro Essai", "Porte B", "13\u00a0h\u00a030", "18\u00a0h\u00a030", "Le Quai",
        "Zoé Essai, 06 00 00 00 00", "1\u202f008,00\u00a0€", "/venir/", "/reglement-interieur/",
    ):  # fmt: skip
        assert said in letter.body, said
    for kept in ("4321", "motdepasse"):
        assert kept not in letter.body
    (entry,) = letter.attachments
    content = str(entry[1] if isinstance(entry, tuple) else entry.get_payload(decode=True))
    assert "20261212T130000Z" in content
    assert "/louer/demande/" not in content


def test_what_becomes_sure_within_the_three_days_is_reminded_by_the_next_look(rental: RentalQuote) -> None:
    remind(rental)
    other = make_accepted(make_rented_house())  # its advance is awaited: nothing is sure
    assert remind_due(DUE) == 0
    Booking.objects.filter(rental_option__rental=other).update(state="confirmed", confirmed_at=NOW)
    assert remind_due(AFTERNOON.start - timedelta(hours=2)) == 1


def test_once_it_has_begun_nobody_is_reminded(rental: RentalQuote) -> None:
    assert remind_due(AFTERNOON.start) == 0
    assert letters("reminder") == 0


def test_a_cancelled_rental_is_not_reminded_and_an_owed_reminder_is_dropped(rental: RentalQuote) -> None:
    remind_due(DUE)
    cancel_rental(rental=rental, by=None, now=DUE)
    Message.objects.exclude(template="rentals/reminder").delete()
    with time_machine.travel(DUE, tick=False):
        send_due(now=DUE + MINUTE)
    assert Message.objects.get().state == Message.State.DROPPED
    RentalDay.objects.all().delete()
    assert (remind_due(DUE), tell_changes(DUE)) == (0, 0)


def test_cancelling_after_the_reminder_takes_it_out_of_the_agenda(rental: RentalQuote) -> None:
    remind(rental)
    cancel_rental(rental=rental, by=None, now=DUE)
    told = Message.objects.get(template="rentals/quote_news", ids__news="cancelled")
    assert told.attachments == [f"rental-ics:{rental.pk}"]
    Message.objects.exclude(pk=told.pk).delete()
    with time_machine.travel(DUE, tick=False):
        send_due(now=DUE + MINUTE)
    entry = mail.outbox[-1].message().as_string()
    assert 'method="CANCEL"' in entry or "method=CANCEL" in entry


def test_a_balance_made_before_the_day_takes_no_reminder_away(rental: RentalQuote) -> None:
    make_balance(rental=rental, lines=[HALL], by=None, now=NOW, before_end=True)
    assert remind_due(DUE) == 1
    assert "sur votre facture" in sent("reminder", DUE).body


def test_one_that_fails_keeps_no_other_from_being_reminded(rental: RentalQuote, site: Site) -> None:
    other = make_won(site, period=on(DAY, time(8), time(12), PARIS))
    Booking.objects.filter(rental_option__rental=other).update(state="confirmed", confirmed_at=NOW)
    Booking.objects.filter(rental_option__rental=other).update(during=on(DAY, time(8), time(8, 30)).range)
    assert remind_due(DUE) == 1  # its preparation is longer than itself: it cannot be told
    assert letters("reminder") == 1


def test_a_new_contact_is_told_once_after_the_reminder_only(rental: RentalQuote) -> None:
    name_contact(rental=rental, name="Zoé Essai", phone="06 00 00 00 00")
    assert tell_changes(DUE - MINUTE) == 0
    remind(rental)
    assert tell_changes(DUE) == 0
    name_contact(rental=rental, name="Noé Essai", phone="06 00 00 00 02")
    assert (tell_changes(DUE), tell_changes(DUE)) == (1, 0)
    letter = sent("changed", DUE)
    assert "Noé Essai, 06 00 00 00 02" in letter.body
    assert "Horaires" not in letter.body


def test_what_was_changed_back_is_not_told(rental: RentalQuote) -> None:
    remind(rental)
    name_contact(rental=rental, name="Noé Essai", phone="")
    name_contact(rental=rental, name="", phone="")
    assert tell_changes(DUE) == 0


def test_whoever_looks_in_another_language_finds_nothing_changed(rental: RentalQuote) -> None:
    remind(rental)
    with translation.override("en"):
        assert tell_changes(DUE) == 0


def test_other_hours_and_another_room_are_taken_and_told(rental: RentalQuote, site: Site) -> None:
    remind(rental)
    room, (booking,) = make_room(site, code="grande", name="La Grande"), Booking.objects.all()
    move(rental, period=EVENING, spaces={booking.pk: room})
    booking.refresh_from_db()
    assert (booking.space, booking.sequence) == (room, 1)
    assert Occupancy.objects.get().atom == room
    stay = stay_of(rental)
    assert stay is not None
    assert stay.period == EVENING.utc
    page = Client().get(rental.request.get_absolute_url())
    hours = "17\u00a0h\u00a0–\u2060\u00a022\u00a0h (le devis disait 14\u00a0h\u00a0–\u2060\u00a018\u00a0h)."
    for said in (
        f"Les horaires ont changé\u00a0: {hours}",
        "L’espace a changé\u00a0: La Grande (le devis disait",
    ):
        assertContains(page, said)
    (moved,) = [each for each in thread_of(rental.request, opens_messages=False) if each.icon == "repeat"]
    assert moved.detail.startswith(f"Les horaires ont changé\u00a0: {hours}")
    assert tell_changes(DUE) == 1
    letter = sent("changed", DUE)
    for said in ("La Grande", "17\u00a0h\u00a0–\u00a022\u00a0h", "16\u00a0h\u00a030"):
        assert said in letter.body, said
    assert "Contact le jour même" not in letter.body.partition("ceci a changé")[2].partition("La Grande, ")[0]


def test_moved_before_the_reminder_it_is_told_too_and_the_reminder_follows(rental: RentalQuote) -> None:
    move(rental, now=NOW, period=EVENING)
    assert (tell_changes(NOW), tell_changes(NOW), remind_due(DUE), tell_changes(DUE)) == (1, 0, 1, 0)


def test_two_changes_before_the_letter_goes_are_told_in_one(rental: RentalQuote) -> None:
    remind(rental)
    move(rental, period=EVENING)
    tell_changes(DUE)
    name_contact(rental=rental, name="Noé Essai", phone="")
    tell_changes(DUE)
    with time_machine.travel(DUE, tick=False):
        send_due(now=DUE + MINUTE, limit=5)
    states = Message.objects.filter(template="rentals/changed").order_by("pk").values_list("state", flat=True)
    assert list(states) == ["dropped", "sent"]
    assert "Horaires" in mail.outbox[-1].body
    assert "Noé Essai" in mail.outbox[-1].body


def test_a_room_that_is_taken_is_refused_and_nothing_moves(rental: RentalQuote, site: Site) -> None:
    remind(rental)
    (booking,) = Booking.objects.all()
    make_sent(site, period=on(DAY, time(20), time(21), PARIS))
    before = list(Occupancy.objects.order_by("pk").values_list("booking", "during"))
    with pytest.raises(DateTaken):
        move(rental, period=EVENING)
    booking.refresh_from_db()
    assert booking.sequence == 0
    assert list(Occupancy.objects.order_by("pk").values_list("booking", "during")) == before
    assert tell_changes(DUE) == 0


def test_another_day_once_begun_what_is_over_and_what_was_cancelled_are_refused(rental: RentalQuote) -> None:
    tomorrow = on(DAY + timedelta(days=1), time(14), time(18), PARIS)
    with pytest.raises(AnotherDay):
        move(rental, now=rental.period.start, period=tomorrow)
    with pytest.raises(StayOver):
        move(rental, now=AFTER)
    cancel_rental(rental=rental, by=None, now=DUE)
    with pytest.raises(NotUnderWay):
        move(rental)
    with pytest.raises(NotUnderWay):
        name_contact(rental=rental, name="Zoé Essai", phone="")
    assert not RentalDay.objects.exists()


def test_who_was_on_duty_is_forgotten_with_who_asked(rental: RentalQuote) -> None:
    name_contact(rental=rental, name="Zoé Essai", phone="06 00 00 00 00")
    remind_due(DUE)
    erase_due(rental.period.end + timedelta(days=366))
    day = RentalDay.objects.get()
    assert (day.contact_name, day.contact_phone, day.told) == ("", "", {})
    assert not Message.objects.filter(template__startswith="rentals/").exclude(to="").exists()
