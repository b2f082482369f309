"""Once its day has come: what is kept and severed, or gone; killed midway or not."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import personal_data as in_billing
from billing.customers import contact_for
from billing.models import Customer, Document, DocumentSnapshot, OrderLine
from bookings import personal_data as in_bookings
from bookings.services.rentals.correcting import correct_buyer
from events import personal_data as in_events
from events.models import Registration
from members import personal_data
from members.errors_privacy import SettleFirst
from members.models import Closing, Invitation, Message, OptOut, Organisation, User
from members.services.closing import WAIT, erase_due
from members.services.people import addresses_of
from members.services.preferences import set_topic
from tests.bookings.rentals.steps import pay_advance
from tests.cantine.closing.steps import DUE, close
from tests.cantine.test_audit import found
from tests.events.test_registering import sign_up
from tests.factories.billing import make_organisation_customer
from tests.factories.bookings import NOW, make_confirmed, make_desk, make_house
from tests.factories.events import make_event
from tests.factories.members import make_membership, make_organisation, make_user
from tests.factories.rentals import make_won

pytestmark = pytest.mark.django_db
KNOWN = "7 who closed their account is forgotten"


def test_what_law_obliges_stays_without_a_name_and_the_rest_goes(user: User, invoiced: Document) -> None:
    membership = make_membership(user=user)
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
    membership.refresh_from_db()
    assert membership.valid_to == timezone.localdate(DUE)
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


def test_a_membership_ends_on_the_day_it_is_in_rouen(user: User) -> None:
    close(user)
    membership = make_membership(user=user)
    erase_due(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    membership.refresh_from_db()
    assert membership.valid_to == date(2027, 1, 1)


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


def test_a_company_that_paid_no_longer_reads_for_whom(user: User) -> None:
    company = make_organisation_customer(make_organisation(user), terms_days=30)
    make_confirmed(space=make_desk(make_house()), user=user, customer=company)
    assert OrderLine.objects.filter(detail__contains="Camille Essai").exists()
    after = NOW + timedelta(days=60)
    close(user, after)
    assert erase_due(after + WAIT) == 1
    assert not OrderLine.objects.filter(detail__contains="Camille Essai").exists()


def test_registrations_are_forgotten_and_their_figures_stay(user: User) -> None:
    registration = sign_up(make_event(), email=user.email.capitalize())  # as it was once typed at the door
    assert len(list(in_events.copy(user).rows["registrations"])) == 1
    with pytest.raises(SettleFirst):
        close(user)
    Registration.objects.filter(pk=registration.pk).update(state="cancelled")
    close(user)
    assert erase_due(DUE) == 1
    registration.refresh_from_db()
    assert (registration.name, registration.email, registration.seats) == ("", "", 1)
