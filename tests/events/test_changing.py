"""Changing what people know: what they agreed to stands, nobody undoes another's change unseen."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.models import Refund
from billing.settlement.services import take_at_desk
from bookings.models import Site
from events import messages as letters
from events.errors import Changed, EventRefused, Over
from events.models import Answer, Event
from events.services import publishing, writing
from events.services.drafts import QuestionDraft, TicketDraft
from events.services.erasing import erase_due
from events.services.leaving import cancel_registration, kept_at
from events.services.publishing import TooManyProposals
from events.services.writing import TicketKept
from members.models import Message, User
from tests.events.publishing.steps import typed
from tests.events.test_publishing import NOW, bookings_of, draft_of, written
from tests.events.test_registering import order_of, paid_event, sign_up
from tests.factories.bookings import make_house
from tests.factories.events import make_crowd, make_event, make_event_product
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_house(desks=0, desk_payment=True)


@pytest.fixture
def volunteer() -> User:
    return make_user(role="volunteer")


def published(site: Site, by: User, **fields: Any) -> Event:
    return publishing.publish_event(event=written(site, by, **fields), by=by, now=NOW)


def same_ticket(event: Event, **fields: Any) -> tuple[TicketDraft, ...]:
    ticket = event.tickets.get()
    return (TicketDraft(ticket.pricing, ticket.price, pk=ticket.pk, **fields),)


def paid_up() -> tuple[Event, Any]:
    event = paid_event()
    found = sign_up(event)
    take_at_desk(order=order_of(found), method="cash", by=make_user(role="manager"), now=NOW)
    return event, found


def test_who_paid_for_another_day_leaves_with_all_their_money() -> None:
    event, found = paid_up()
    soon = NOW + timedelta(hours=20)
    draft = replace(
        draft_of(event.site, starts_at=soon, ends_at=soon + timedelta(hours=2)), tickets=same_ticket(event)
    )
    writing.change_event(event=event, draft=draft, by=event.created_by, now=NOW)
    cancel_registration(registration=found, now=NOW)
    assert Refund.objects.get().amount == Decimal("12.00")


def test_conditions_that_were_agreed_to_stand_when_the_event_gets_others() -> None:
    event, found = paid_up()
    draft = draft_of(
        event.site,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        space=event.space,
        refund_hours=2000,
        tickets=same_ticket(event),
    )
    writing.change_event(event=event, draft=draft, by=event.created_by, now=NOW)
    found.refresh_from_db()
    assert kept_at(found, NOW) == 0


def test_a_second_change_says_the_first_too_while_that_is_still_owed(site: Site, volunteer: User) -> None:
    event = published(site, volunteer)
    sign_up(event)
    moved = draft_of(site, where="elsewhere", space=None, place_name="Le 106", tickets=same_ticket(event))
    writing.change_event(event=event, draft=moved, by=volunteer, now=NOW)
    writing.change_event(event=event, draft=replace(moved, title="Autre titre"), by=volunteer, now=NOW)
    told = [letters.load_changed(each.ids) for each in Message.objects.filter(template="events/changed")]
    (said,) = [each["said"] for each in told if each]
    assert [line.split("\u00a0")[0] for line in said] == ["Nouveau lieu", "Nouveau titre"]


def test_who_waits_gets_no_calendar_entry_with_a_change(site: Site, volunteer: User) -> None:
    event = published(site, volunteer, capacity=1)
    sign_up(event)
    sign_up(event, email="lea@cantine.example")
    draft = draft_of(site, capacity=1, title="Autre", tickets=same_ticket(event))
    writing.change_event(event=event, draft=draft, by=volunteer, now=NOW)
    files = dict(Message.objects.filter(template="events/changed").values_list("to", "attachments"))
    assert (len(files["noe@cantine.example"]), files["lea@cantine.example"]) == (1, [])


def test_what_people_can_read_keeps_its_room_and_its_words(site: Site, volunteer: User) -> None:
    event = published(site, volunteer)
    for lacking in ({"space": None}, {"description": " "}, {"where": "online", "online_link": ""}):
        with pytest.raises(EventRefused):
            writing.change_event(event=event, draft=draft_of(site, **lacking), by=volunteer, now=NOW)
    page = browser_of(volunteer).post(
        reverse("events:edit", args=[event.slug]),
        typed(site, space="", **{"tarif-0-pk": event.tickets.get().pk}),
    )
    assert (page.status_code, len(bookings_of(event))) == (409, 1)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_an_older_form_does_not_undo_a_newer_change(site: Site, volunteer: User) -> None:
    event = published(site, volunteer)
    read = event.changed_at
    mine = draft_of(site, description="Sans coquille.", tickets=same_ticket(event))
    theirs = replace(
        mine, starts_at=mine.starts_at + timedelta(days=1), ends_at=mine.ends_at + timedelta(days=1)
    )
    later = NOW + timedelta(seconds=1)
    writing.change_event(event=event, draft=theirs, by=volunteer, now=later, read=read)
    with pytest.raises(Changed):
        writing.change_event(event=event, draft=mine, by=volunteer, now=later, read=read)
    event.refresh_from_db()
    assert event.starts_at == theirs.starts_at


def test_the_page_says_so_keeps_what_was_typed_and_then_takes_it(site: Site, volunteer: User) -> None:
    event, browser = published(site, volunteer), browser_of(volunteer)
    address = reverse("events:edit", args=[event.slug])
    data = typed(site, title="Le mien", **{"tarif-0-pk": event.tickets.get().pk})
    stale = {**data, "seen": (event.changed_at - timedelta(minutes=1)).isoformat()}
    refused = browser.post(address, stale)
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "modifié entre-temps" in text
    assert 'value="Le mien"' in text
    assert f'name="seen" value="{event.changed_at.isoformat()}"' in text
    browser.post(address, {**data, "seen": event.changed_at.isoformat()})
    event.refresh_from_db()
    assert event.title == "Le mien"


def test_a_question_that_was_answered_is_asked_no_more_and_keeps_its_answers(
    site: Site, volunteer: User
) -> None:
    event = published(site, volunteer, questions=(QuestionDraft("Végétarien ?"),))
    question = event.questions.get()
    sign_up(event, answers={question.pk: "oui"})
    writing.change_event(event=event, draft=draft_of(site, tickets=same_ticket(event)), by=volunteer, now=NOW)
    question.refresh_from_db()
    assert (question.is_active, Answer.objects.get().text) == (False, "oui")
    assert "Végétarien" not in Client().get(event.get_absolute_url()).content.decode()


def test_a_reviewer_publishes_only_what_they_read(site: Site) -> None:
    member, manager = make_user(), make_user(role="manager")
    make_membership(user=member)
    event = written(site, member)
    publishing.submit_event(event=event, by=member, now=NOW)
    desk = browser_of(manager).get(reverse("events:desk", args=[event.slug]))
    later = NOW + timedelta(seconds=1)
    writing.change_event(event=event, draft=draft_of(site, description="Autre chose."), by=member, now=later)
    address = reverse("events:decide", args=[event.slug])
    refused = browser_of(manager).post(address, {"do": "publish", "seen": desk.context["seen"]})
    event.refresh_from_db()
    assert (refused.status_code, event.state) == (409, "submitted")
    assert "Relisez-le" in refused.content.decode()


def test_what_has_taken_place_is_copied_not_moved(site: Site, volunteer: User) -> None:
    event = make_event(site=site, by=volunteer, starts_at=NOW - timedelta(days=100))
    erase_due(NOW)
    with pytest.raises(Over):
        writing.change_event(event=event, draft=draft_of(site), by=volunteer, now=NOW)


def test_a_free_ticket_that_people_have_does_not_become_a_paid_one(site: Site, volunteer: User) -> None:
    make_event_product(site)
    event = published(site, volunteer)
    sign_up(event)
    paid = (TicketDraft("paid", Decimal("12.00"), pk=event.tickets.get().pk),)
    with pytest.raises(TicketKept):
        writing.change_event(event=event, draft=draft_of(site, tickets=paid), by=volunteer, now=NOW)
    assert event.tickets.get().pricing == "free"


def test_a_copy_has_the_private_link_only_for_who_runs_the_event(volunteer: User) -> None:
    secret = "https://visio.example/secret"
    event = make_event(by=volunteer, where="online", space=None, online_link=secret)
    member = make_user()
    make_membership(user=member)
    links = [writing.duplicate_event(event=event, by=who, now=NOW).online_link for who in (member, volunteer)]
    assert links == ["", secret]


def test_the_form_lets_in_no_more_than_the_room_holds_nor_for_months(site: Site, volunteer: User) -> None:
    browser = browser_of(volunteer)
    last = (timezone.localdate() + timedelta(days=300)).isoformat()
    for wrong in ({"capacity": "9000"}, {"last_day": last}):
        page = browser.post(reverse("events:propose"), typed(site, do="publish", **wrong))
        assert page.status_code == 422
    assert not Event.objects.exists()


def test_a_member_keeps_no_more_than_three_rooms_by_proposing(site: Site) -> None:
    member = make_user()
    make_membership(user=member)
    for day in range(4):
        starts = draft_of(site).starts_at + timedelta(days=day)
        event = written(site, member, starts_at=starts, ends_at=starts + timedelta(hours=1))
        if day < 3:
            publishing.submit_event(event=event, by=member, now=NOW)
    with pytest.raises(TooManyProposals):
        publishing.submit_event(event=event, by=member, now=NOW)


def test_publishing_what_is_published_is_saving_it(site: Site, volunteer: User) -> None:
    event = published(site, volunteer)
    data = typed(site, do="publish", **{"tarif-0-pk": event.tickets.get().pk})
    page = browser_of(volunteer).post(reverse("events:edit", args=[event.slug]), data, follow=True)
    assert "C’est enregistré." in page.content.decode()


def test_control_characters_of_a_paste_are_left_out(site: Site, volunteer: User) -> None:
    data = typed(site, title="Une\x08 grille", description="D’un PDF\x02.", do="publish")
    browser_of(volunteer).post(reverse("events:propose"), data)
    event = Event.objects.get()
    assert (event.title, event.description) == ("Une grille", "D’un PDF.")


def test_five_hundred_are_told_of_a_change_in_as_many_statements_as_two(site: Site, volunteer: User) -> None:
    event = published(site, volunteer, capacity=600)

    def statements_of_moving(hours: int) -> int:
        later = draft_of(site, starts_at=event.starts_at + timedelta(hours=hours), capacity=600)
        later = replace(later, ends_at=event.ends_at + timedelta(hours=hours), tickets=same_ticket(event))
        with CaptureQueriesContext(connection) as queries:
            writing.change_event(event=event, draft=later, by=volunteer, now=NOW)
        return len(queries)

    make_crowd(event, 2)
    few = statements_of_moving(1)
    make_crowd(event, 498, start=2)
    assert statements_of_moving(2) == few
    assert Message.objects.filter(template="events/changed").count() == 502
