"""What is forgotten with time: the table, the law of it in words, and the nightly look."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection, transaction
from django.db.utils import InternalError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.customers import contact_for
from billing.models import Customer, StripeEvent
from bookings.models import RentalRequest
from members import personal_data, retention
from members.models import Membership, Message, StaffListRead, StaffRead, User
from members.periods import PERIODS
from members.retention import forget_all
from members.services.reading import note_list, note_read
from tests.factories.billing import make_order
from tests.factories.events import make_event
from tests.factories.members import make_message, make_user
from tests.factories.rentals import make_rental_request, make_rented_house

NOW = timezone.now()
DOC = Path(settings.BASE_DIR) / "docs" / "privacy.md"
ROW = re.compile(r"^\| `(\w+)` \| (\d+) ", re.MULTILINE)
MOMENT = timedelta(seconds=1)


def test_the_document_says_the_periods_of_the_code() -> None:
    said = {name: int(days) for name, days in ROW.findall(DOC.read_text())}
    assert said == {name: period.days for name, period in PERIODS.items()}


def test_sessions_are_kept_as_long_as_the_table_says() -> None:
    assert PERIODS["sessions"] == timedelta(seconds=settings.SESSION_COOKIE_AGE)


def test_every_period_has_something_that_keeps_it() -> None:
    elsewhere = {
        "exports", "closing", "unused_accounts", "unused_warning", "sessions", "registrations",
        "rental_requests", "rental_requests_lost",
    }  # fmt: skip
    assert set(retention.registered()) | elsewhere == set(PERIODS)


def test_a_table_about_people_that_no_handler_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert personal_data.check_handlers() == []
    members = personal_data.handlers()[-1]
    known = [model for model in members.KNOWN if model is not Membership]
    monkeypatch.setattr(members, "KNOWN", known)
    assert [error.id for error in personal_data.check_handlers()] == ["members.E005"]


@pytest.mark.django_db
class TestTheNightlyLook:
    """Just before its time a thing stays, at its time it goes."""

    @pytest.fixture(autouse=True)
    def _twice(self) -> Iterator[None]:
        yield
        assert not any(forget_all(NOW).values())

    def test_messages_no_longer_say_to_whom(self) -> None:
        old = self.message(PERIODS["messages"] + MOMENT)
        young = self.message(PERIODS["messages"] - MOMENT)
        waiting = self.message(PERIODS["messages"] + MOMENT, state="owed", sent_at=None)
        assert forget_all(NOW)["messages"] == 1
        told = dict(Message.objects.values_list("pk", "to"))
        assert (told[old.pk], bool(told[young.pk]), bool(told[waiting.pk])) == ("", True, True)

    def test_codes_of_signing_in_go_whole(self) -> None:
        self.message(PERIODS["sign_in_letters"] + MOMENT, template="account/login_code")
        kept = self.message(PERIODS["sign_in_letters"] - MOMENT, template="account/login_code")
        forget_all(NOW)
        assert list(Message.objects.all()) == [kept]

    def test_the_history_of_the_desk_keeps_that_something_was_changed(self) -> None:
        user = make_user(role="manager")
        rows = {"user": user, "action_flag": CHANGE, "object_repr": "Camille", "change_message": "[]"}
        for age in (PERIODS["history"] + MOMENT, PERIODS["history"] - MOMENT):
            LogEntry.objects.create(action_time=NOW - age, **rows)
        assert forget_all(NOW)["history"] == 1
        assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {
            ("", ""),
            ("Camille", "[]"),
        }

    def test_keys_written_before_name_nobody_any_more(self) -> None:
        user = make_user(role="manager")
        keys = {
            f"rentals:to_answer:1:{user.email}": "rentals:to_answer:1:{user}",
            "rentals:to_answer:1:parti@cantine.example": "rentals:to_answer:1:m{pk}",
            "rentals:received:1:demande@ailleurs.example": "rentals:received:1:asker",
            f"rentals:desk-paid:4:{user.email}": "rentals:desk-paid:4:{user}",
            f"contact-written:7:{user.email}": "contact-written:7:{user}",
            "problem-reported:7:3": "problem-reported:7:3",
        }
        kinds = ("to_answer", "to_answer", "received", "quote_desk", "", "")
        rows = {
            make_message(template=f"rentals/{kind}" if kind else "contact/written", key=key).pk: after
            for (key, after), kind in zip(keys.items(), kinds, strict=True)
        }
        with connection.cursor() as cursor:
            cursor.execute(
                import_module("members.migrations.0007_no_key_of_a_message_holds_an_address").NAMED_NO_MORE
            )
        said = dict(Message.objects.values_list("pk", "key"))
        assert said == {pk: after.format(user=user.pk, pk=pk) for pk, after in rows.items()}

    def message(self, age: timedelta, template: str = "billing/refund", **fields: object) -> Message:
        given: dict[str, Any] = {
            "state": "sent",
            "sent_at": NOW - age,
            "subject": "Bonjour",
            "created_at": NOW - age,
            **fields,
        }
        return make_message(template=template, **given)

    def test_the_words_of_stripes_events_go_once_acted_on(self) -> None:
        long_ago = NOW - PERIODS["stripe_payloads"] - MOMENT
        rows = {"kind": "x", "livemode": False, "payload": {"email": "x"}, "next_try_at": NOW}
        for name, done in (("old", long_ago), ("young", NOW), ("stuck", None)):
            StripeEvent.objects.create(event_id=name, received_at=long_ago, done_at=done, **rows)
        forget_all(NOW)
        assert list(StripeEvent.objects.filter(payload={}).values_list("event_id", flat=True)) == ["old"]

    def test_a_contact_goes_when_nothing_points_at_it(self) -> None:
        house = make_rented_house()
        with transaction.atomic():
            used, unused, young = (
                contact_for(email=f"{name}@cantine.example", name=name, language="fr") for name in "abc"
            )
        make_order(customer=used, seller=house.seller, now=NOW)
        old = NOW - PERIODS["contacts"] - MOMENT
        Customer.objects.filter(pk__in=[used.pk, unused.pk]).update(created_at=old)
        assert forget_all(NOW)["contacts"] == 1
        assert set(Customer.objects.filter(kind="contact")) == {used, young}

    def test_a_rule_that_fails_keeps_no_other_from_its_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.message(PERIODS["sign_in_letters"] + MOMENT, template="account/login_code")

        def fails(_before: object) -> int:
            raise RuntimeError("Un disque est plein")

        with monkeypatch.context() as patch:
            patch.setitem(retention._rules, "messages", fails)
            assert forget_all(NOW)["sign_in_letters"] == 1


@pytest.mark.django_db
def test_a_request_that_came_to_nothing_is_forgotten_sooner() -> None:
    asked = make_rental_request(make_rented_house())
    RentalRequest.objects.update(
        state="lost", lost_reason="price", closed_at=NOW - PERIODS["rental_requests_lost"]
    )
    assert list(RentalRequest.objects.to_forget(NOW)) == [asked]
    assert not RentalRequest.objects.to_forget(NOW - MOMENT).exists()


@pytest.mark.django_db
class TestStaffReads:
    """Who opened whose page."""

    @pytest.fixture
    def person(self) -> User:
        return make_user()

    def test_opening_a_persons_page_is_noted_once(self, person: User, client: Client) -> None:
        manager = make_user(role="manager")
        client.force_login(manager)
        at = f"/gestion/members/user/{person.pk}/change/"
        assert client.get(at).status_code == 200
        read = StaffRead.objects.get()
        assert (read.reader, read.person, read.page) == (manager, person, at)

    def test_ones_own_page_is_nobodys_business(self) -> None:
        manager = make_user(role="manager")
        note_read(reader=manager, person_id=manager.pk, page="/x/", now=NOW)
        note_read(reader=manager, person_id=None, page="/x/", now=NOW)
        assert not StaffRead.objects.exists()

    def test_it_costs_one_statement(self, person: User, django_assert_num_queries: object) -> None:
        manager = make_user(role="manager")
        with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture
            note_read(reader=manager, person_id=person.pk, page="/x/", now=NOW)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE members_staffread SET page = ''",
            "DELETE FROM members_staffread",
            "TRUNCATE members_staffread",
        ],
    )
    def test_it_is_never_changed_and_kept_a_year(self, person: User, statement: str) -> None:
        note_read(reader=make_user(role="manager"), person_id=person.pk, page="/x/", now=NOW)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or TRUNCATE is refused for another reason
        with pytest.raises(InternalError, match="members_staffread"), transaction.atomic():
            _execute(statement)
        assert StaffRead.objects.count() == 1

    def test_after_a_year_it_goes(self, person: User) -> None:
        reader = make_user(role="manager")
        note_read(reader=reader, person_id=person.pk, page="/x/", now=NOW - PERIODS["staff_reads"] - MOMENT)
        note_read(reader=reader, person_id=person.pk, page="/y/", now=NOW)
        assert forget_all(NOW)["staff_reads"] == 1
        assert StaffRead.objects.get().page == "/y/"


@pytest.mark.django_db
class TestStaffReadsOfLists:
    """Who opened which list of people: one row for the list, and no name in it."""

    def test_a_list_a_search_and_a_file_are_each_one_row(self, client: Client) -> None:
        manager, found = make_user(role="manager"), make_user(name="Solène Cherchée")
        make_user(name="Solène Trouvée")
        event = make_event()
        client.force_login(manager)
        client.get("/gestion/members/user/?q=Cherchée&is_active__exact=1&p=1&o=1")
        client.get(reverse("admin:search"), {"q": "Solène"})
        client.get(reverse("events:registrations_csv", args=[event.slug]))
        client.get("/gestion/bookings/space/")
        assert [
            (read.page, read.filters, read.people, read.is_file, read.reader)
            for read in StaffListRead.objects.order_by("pk")
        ] == [
            ("/gestion/members/user/", "q&is_active__exact=1", 1, False, manager),
            (reverse("admin:search"), "q", 2, False, manager),
            (reverse("events:registrations_csv", args=[event.slug]), "", 0, True, manager),
        ]
        assert found.staff_reads.count() == 0

    def test_every_list_of_what_personal_data_knows_is_noted(self, client: Client) -> None:
        """But those whose only person is the house, its staff, or who wrote what everybody reads."""
        staff_alone = {
            "billing.Seller", "bookings.Closure", "bookings.Site", "cantine.Commitment", "events.Event",
            "members.StaffListRead",
        }  # fmt: skip
        manager = make_user(role="manager", is_superuser=True)
        make_rented_house()
        client.force_login(manager)
        known = {model._meta.label for each in personal_data.handlers() for model in each.KNOWN}
        for model in admin.site._registry:
            client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        listed = {model._meta.label for model in admin.site._registry}
        noted = {read.page for read in StaffListRead.objects.all()}
        pages = {f"/gestion/{label.lower().replace('.', '/')}/" for label in listed & known - staff_alone}
        assert noted == pages | {"/gestion/billing/document/"}

    def test_a_searching_field_and_the_rentals_are_lists_too(self, client: Client) -> None:
        manager = make_user(role="manager", name="Solène Gestion")
        make_rental_request(site=make_rented_house())
        client.force_login(manager)
        field = {"app_label": "members", "model_name": "membership", "field_name": "user"}
        client.get(reverse("admin:autocomplete"), {**field, "term": "Solène"})
        client.get(reverse("admin:rentals"), {"q": "Solène"})
        client.get(reverse("admin:rentals"))
        said = "app_label=members&model_name=membership&field_name=user&term"
        rows = StaffListRead.objects.order_by("pk").values_list("filters", "people")
        assert sorted(rows) == [("", 1), (said, 1), ("q", 0)]

    @pytest.mark.parametrize(
        "statement", ["UPDATE members_stafflistread SET page = 'x'", "DELETE FROM members_stafflistread"]
    )
    def test_it_is_never_changed_and_goes_after_a_year(self, statement: str) -> None:
        reader, old = make_user(role="manager"), NOW - PERIODS["staff_reads"] - MOMENT
        for page, at in (("/x/", old), ("/y/", NOW)):
            note_list(reader=reader, page=page, asked=QueryDict(), people=3, now=at)
        with pytest.raises(InternalError, match="members_stafflistread"), transaction.atomic():
            _execute(statement)
        assert forget_all(NOW)["staff_reads"] == 1
        assert StaffListRead.objects.get().page == "/y/"


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
