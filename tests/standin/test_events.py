"""Events: listed by pages, filtered by date and type."""

from tests.fixtures_standin import Standin
from tests.standin.api import client, open_session, paid_session


def test_pages_follow_one_another_without_gap_or_repeat(standin: Standin) -> None:
    v1 = client(standin).v1
    made = [v1.customers.create({"name": f"Personne {rank}"}).id for rank in range(7)]
    pages = v1.events.list({"limit": 3})
    assert pages.has_more
    seen = [event.data.object["id"] for event in pages.auto_paging_iter()]
    assert seen == made[::-1]


def test_pages_can_be_read_backwards(standin: Standin) -> None:
    v1 = client(standin).v1
    made = [v1.customers.create({"name": f"Personne {rank}"}).id for rank in range(5)]
    page = v1.customers.list({"limit": 2, "ending_before": made[0]})
    assert ([one.id for one in page], page.has_more) == ([made[2], made[1]], True)


def test_events_are_found_by_type_and_date(standin: Standin) -> None:
    session = paid_session(standin)
    completed = client(standin).v1.events.list({"types": ["checkout.session.completed"]})
    assert [event.data.object["id"] for event in completed] == [session.id]
    moment = completed.data[0].created
    standin.advance(3600)
    client(standin).v1.checkout.sessions.expire(open_session(standin, expires_at="").id)
    later = client(standin).v1.events.list({"created": {"gt": moment + 60}})
    assert [event.type for event in later] == ["checkout.session.expired"]


def test_an_event_keeps_the_object_as_it_was(standin: Standin) -> None:
    v1 = client(standin).v1
    customer = v1.customers.create({"name": "Avant"})
    v1.customers.update(customer.id, {"name": "Après"})
    updated, created = v1.events.list().data
    assert created.data.object["name"] == "Avant"
    assert updated.data.object["name"] == "Après"
    assert updated.to_dict()["data"]["previous_attributes"] == {"name": "Avant"}
    assert v1.events.retrieve(created.id).data.object["name"] == "Avant"
