"""The end of an account: what is settled first, kept and severed, or gone; killed midway or not."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from billing import personal_data as in_billing
from billing.customers import contact_for
from billing.models import Customer, Document, DocumentSnapshot, OrderLine
from bookings import personal_data as in_bookings
from bookings.services.rentals.correcting import correct_buyer
from cantine.audit.report import findings
from events.models import Registration
from members import personal_data
from members.errors_privacy import NotYourName, SettleFirst, TooLate
from members.models import Closing, Invitation, Message, OptOut, Organisation, User
from members.services.closing import UNUSED, WAIT, WARNED, close_account, erase_due, take_back, warn_unused
from members.services.people import addresses_of
from members.services.preferences import set_topic
from tests.billing.collecting.steps import enter, make_due
from tests.bookings.rentals.steps import pay_advance
from tests.events.test_registering import sign_up
from tests.factories.billing import make_customer, make_organisation_customer
from tests.factories.bookings import NOW, make_confirmed, make_desk, make_house
from tests.factories.events import make_event
from tests.factories.members import PASSWORD, make_membership, make_organisation, make_user
from tests.factories.rentals import make_won

pytestmark = pytest.mark.django_db
DUE = NOW + WAIT
KNOWN = "7 who closed their account is forgotten"


def close(user: User, now: Any = NOW) -> Closing:
    return close_account(user=user, typed=user.name, now=now)


def found(check: str, now: Any) -> tuple[str, ...]:
    return next(each.details for each in findings(now) if each.name == check)


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@cantine.example")


@pytest.fixture
def invoiced(user: User) -> Document:
    """An invoice of theirs, paid."""
    customer = Customer.objects.create(
        kind="user",
        user=user,
        name=user.name,
        email=user.email,
        address="1, rue Essai",
        stripe_id="cus_1",
        terms_days=30,
    )
    document = make_due(NOW, customer=customer)
    enter(document, str(document.total_incl), now=NOW, by=make_user(role="manager"))
    return document


def test_every_session_ends_at_once_and_nobody_comes_in(user: User) -> None:
    one, other = Client(), Client()
    one.force_login(user)
    other.force_login(user)
    close(user)
    for client in (one, other):
        assert client.get(reverse("members:me")).status_code == 302
    answer = Client().post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in answer.client.session


def test_taken_back_all_is_there_but_the_sessions_and_the_password(user: User) -> None:
    client = Client()
    client.force_login(user)
    closing = close(user)
    take_back(key=closing.key, now=DUE - timedelta(seconds=1))
    user.refresh_from_db()
    assert (user.is_active, user.name, user.has_usable_password()) == (True, "Camille Essai", False)
    assert client.get(reverse("members:me")).status_code == 302
    assert erase_due(DUE) == 0


def test_it_is_not_taken_back_once_its_day_has_come(user: User) -> None:
    closing = close(user)
    with pytest.raises(TooLate):
        take_back(key=closing.key, now=DUE)
    assert not User.objects.get(pk=user.pk).is_active


def test_another_name_closes_nothing(user: User) -> None:
    with pytest.raises(NotYourName):
        close_account(user=user, typed="Camille", now=NOW)
    assert User.objects.get(pk=user.pk).is_active
    assert not Closing.objects.exists()


def test_a_booking_to_come_is_cancelled_first(user: User) -> None:
    booking = make_confirmed(space=make_desk(make_house()), user=user)
    with pytest.raises(SettleFirst):
        close(user)
    assert User.objects.get(pk=user.pk).is_active
    assert booking.reference in [
        matter.url.split("/")[-2] for matter in personal_data.matters(user, now=NOW) if matter.blocks
    ]


def test_money_owed_is_paid_first(user: User) -> None:
    customer = make_customer(user, terms_days=30)
    make_due(NOW, customer=customer)
    with pytest.raises(SettleFirst):
        close(user)
    assert not Closing.objects.exists()


def test_who_runs_the_place_hands_their_role_over_first() -> None:
    manager = make_user(role="manager")
    with pytest.raises(SettleFirst):
        close(manager)
    assert User.objects.get(pk=manager.pk).is_active


def test_what_law_obliges_stays_without_a_name_and_the_rest_goes(user: User, invoiced: Document) -> None:
    make_membership(user=user)
    make_organisation(user)
    close(user)
    assert erase_due(DUE - timedelta(seconds=1)) == 0
    assert erase_due(DUE) == 1
    gone = User.objects.get(pk=user.pk)
    assert (gone.name, gone.email, gone.is_active) == ("", f"efface-{user.pk}@cantine.invalid", False)
    customer = Customer.objects.get(user=gone)
    assert (customer.name, customer.address, customer.stripe_id) == ("", "", "")
    assert customer.email == gone.email
    assert Document.objects.get().customer == customer
    assert DocumentSnapshot.objects.get().content["buyer"]["name"] == "Camille Essai"
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert not Message.objects.filter(to="camille@cantine.example").exists()
    assert not gone.affiliations.exists()
    assert found(KNOWN, DUE) == ()


@pytest.mark.parametrize("has_documents", [False, True])
def test_who_bought_by_a_quote_is_kept_as_long_as_the_documents_it_led_to(
    user: User, has_documents: bool
) -> None:
    rental = make_won(email=user.email, name=user.name, buyer="consumer")
    quote, manager = rental.quote, make_user(role="manager")
    correct_buyer(rental=rental, said={"address": "2, rue Juste"}, by=manager, now=NOW)
    if has_documents:
        pay_advance(rental)
    for table, field in (("quote", "accepted_buyer"), ("buyercorrection", "words")):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE billing_{table} SET {field} = '{{}}'")
    with transaction.atomic():
        in_billing.erase(user, now=DUE)
        in_billing.erase(user, now=DUE)
    quote.refresh_from_db()
    kept: list[dict[str, str]] = [quote.accepted_buyer or {}, quote.buyer_corrections.get().words]
    assert [words.get("name", "") for words in kept] == [user.name if has_documents else ""] * 2
    assert {(words["country"], words["buyer"]) for words in kept} == {("FR", "consumer")}


def test_done_again_nothing_more_is_done(user: User, invoiced: Document) -> None:
    close(user)
    erase_due(DUE)
    before = User.objects.values().get(pk=user.pk), Customer.objects.values().get(user=user)
    assert erase_due(DUE) == 0
    assert (User.objects.values().get(pk=user.pk), Customer.objects.values().get(user=user)) == before


def test_the_address_is_free_for_a_new_account(user: User) -> None:
    close(user)
    erase_due(DUE)
    assert make_user(email="camille@cantine.example").pk != user.pk


def test_a_contact_by_the_same_address_goes_too(user: User) -> None:
    with transaction.atomic():
        contact = contact_for(email=user.email, name="Camille", language="fr")
    close(user)
    erase_due(DUE)
    contact.refresh_from_db()
    assert (contact.name, "efface" in contact.email) == ("", True)


@pytest.mark.parametrize("room", ["cantine", "events", "bookings", "billing", "members"])
def test_killed_in_any_room_it_is_finished_at_the_next_look(
    user: User, invoiced: Document, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = ["cantine", "events", "bookings", "billing", "members"]
    handler = personal_data.handlers()[order.index(room)]
    close(user)
    with monkeypatch.context() as patch:
        patch.setattr(handler, "erase", _killed)
        with pytest.raises(KeyboardInterrupt):
            erase_due(DUE)
    assert Closing.objects.standing().count() == 1
    assert addresses_of(user) == ["camille@cantine.example"]
    assert erase_due(DUE) == 1
    assert found(KNOWN, DUE) == ()
    assert Customer.objects.get(user=user).name == ""


def _killed(person: User, *, now: object) -> None:
    raise KeyboardInterrupt


def test_one_that_fails_keeps_no_other_from_being_erased(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_user()
    close(user)
    close(other, NOW + timedelta(minutes=1))
    erase = in_bookings.erase

    def fails(person: User, *, now: Any) -> None:
        if person.pk == user.pk:
            raise RuntimeError("Un disque est plein")
        erase(person, now=now)

    monkeypatch.setattr(in_bookings, "erase", fails)
    assert erase_due(DUE + timedelta(minutes=1)) == 1
    assert User.objects.get(pk=user.pk).name == "Camille Essai"
    assert User.objects.get(pk=other.pk).name == ""


def test_what_was_booked_since_is_waited_for(user: User) -> None:
    closing = close(user)
    make_confirmed(space=make_desk(make_house()), user=user)
    Closing.objects.filter(pk=closing.pk).update(due_at=NOW)
    assert erase_due(NOW) == 0
    assert User.objects.get(pk=user.pk).name == "Camille Essai"


def test_the_audit_names_a_closed_account_that_says_something(user: User, invoiced: Document) -> None:
    close(user)
    erase_due(DUE)
    Customer.objects.filter(user=user).update(city="Rouen")
    User.objects.filter(pk=user.pk).update(name="Camille")
    assert len(found(KNOWN, DUE)) == 2


def test_the_audit_names_an_account_left_to_erase(user: User) -> None:
    close(user)
    assert found("7 every account closed was erased in time", DUE + timedelta(days=2)) != ()


def test_no_tick_of_a_manager_opens_an_account_again_that_its_owner_closed_or_names_it_once_erased(
    user: User,
) -> None:
    client, at = Client(), reverse("admin:members_user_change", args=[user.pk])
    client.force_login(make_user(role="manager"))
    close(user)
    sent = {"name": "Autre Nom", "language": "fr", "is_active": "on"}
    assert client.post(at, sent).status_code == 302
    changed = User.objects.get(pk=user.pk)
    assert (changed.is_active, changed.name, changed.has_usable_password()) == (False, "Autre Nom", False)
    erase_due(DUE)
    client.post(at, sent)
    erased = User.objects.get(pk=user.pk)
    assert (erased.is_active, erased.name) == (False, "")


def test_an_address_that_was_never_proved_is_forgotten_too(user: User) -> None:
    EmailAddress.objects.filter(user=user).update(verified=False)
    address, owner = user.email, make_user()
    closing = close(user)
    set_topic(email=address, topic="events", wants=False, now=NOW)
    organisation = Organisation.objects.create(name="Atelier")
    Invitation.objects.create(
        organisation=organisation, email=address, role="member", invited_by=owner, expires_at=DUE
    )
    assert Message.objects.filter(to=address, ids__closing=closing.pk).exists()
    erase_due(DUE)
    assert not Message.objects.filter(to=address).exists()
    assert not OptOut.objects.filter(email=address).exists()
    assert not Invitation.objects.filter(email=address).exists()
    assert found(KNOWN, DUE) == ()
    Message.objects.filter(ids__closing=closing.pk).update(to=address)
    assert len(found(KNOWN, DUE)) == 1


def test_the_history_of_the_desk_and_the_keys_of_messages_name_nobody_once_erased(user: User) -> None:
    boss, client = make_user(role="manager"), Client()
    client.force_login(boss)
    organisation = Organisation.objects.create(name="Atelier")
    member = {"user": user.pk, "organisation": "", "valid_from": "2031-01-01", "valid_to": ""}
    client.post(reverse("admin:members_membership_add"), member)
    at = reverse("admin:members_organisation_change", args=[organisation.pk])
    rows = [each.formset.prefix for each in client.get(at).context["inline_admin_formsets"]]
    empty = {f"{row}-{name}_FORMS": "0" for row in rows for name in ("TOTAL", "INITIAL")}
    tied = {"name": "Atelier", **empty, "affiliations-TOTAL_FORMS": "1"}
    client.post(at, {**tied, "affiliations-0-user": user.pk})
    history = LogEntry.objects.filter(user=boss)
    assert sum(user.name in f"{each.object_repr} {each.change_message}" for each in history) == 2
    close(user)
    erase_due(DUE)
    assert [each.object_repr for each in history.order_by("pk")] == ["", "Atelier"]
    assert not any(user.name in f"{each.object_repr} {each.change_message}" for each in history.all())
    assert found(KNOWN, DUE) == ()
    Message.objects.update(key="contact-written:1:camille@cantine.example")
    assert len(found(KNOWN, DUE)) == 1


class TestUnused:
    """Accounts nobody has signed in to for three years."""

    @pytest.fixture
    def old(self) -> User:
        return make_user(date_joined=NOW - UNUSED + WARNED - timedelta(days=1))

    def test_who_does_not_come_back_is_warned_then_erased(self, old: User, user: User) -> None:
        User.objects.filter(pk=user.pk).update(date_joined=NOW)
        assert (warn_unused(now=NOW), warn_unused(now=NOW)) == (1, 0)
        assert Message.objects.get().template == "privacy/unused"
        assert User.objects.get(pk=old.pk).is_active
        assert erase_due(NOW + WARNED) == 1
        assert not User.objects.get(pk=old.pk).is_active

    def test_who_signs_in_keeps_it(self, old: User) -> None:
        warn_unused(now=NOW)
        User.objects.filter(pk=old.pk).update(last_login=NOW + timedelta(days=3))
        assert erase_due(NOW + WARNED) == 0
        assert User.objects.get(pk=old.pk).name
        assert not Closing.objects.standing().exists()

    def test_members_and_staff_are_left_in_peace(self) -> None:
        long_ago = NOW - UNUSED
        make_membership(user=make_user(date_joined=long_ago))
        make_user(role="manager", date_joined=long_ago)
        assert warn_unused(now=NOW) == 0


def test_a_company_that_paid_no_longer_reads_for_whom(user: User) -> None:
    company = make_organisation_customer(make_organisation(user), terms_days=30)
    make_confirmed(space=make_desk(make_house()), user=user, customer=company)
    assert OrderLine.objects.filter(detail__contains="Camille Essai").exists()
    after = NOW + timedelta(days=60)
    close(user, after)
    assert erase_due(after + WAIT) == 1
    assert not OrderLine.objects.filter(detail__contains="Camille Essai").exists()


def test_registrations_are_forgotten_and_their_figures_stay(user: User) -> None:
    registration = sign_up(make_event(), email=user.email)
    with pytest.raises(SettleFirst):
        close(user)
    Registration.objects.filter(pk=registration.pk).update(state="cancelled")
    close(user)
    assert erase_due(DUE) == 1
    registration.refresh_from_db()
    assert (registration.name, registration.email, registration.seats) == ("", "", 1)
