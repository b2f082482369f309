"""Booking, paying and the invoice, with PgBouncer in transaction mode between us and the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from billing.documents.files import make_due
from billing.models import Document, Order
from bookings.models import Booking
from tests.factories.members import make_user
from tests.factories.places import make_place
from tests.fixtures_standin import Standin
from tests.pgbouncer import needs_pgbouncer, pooled, show

pytestmark = [needs_pgbouncer, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def port(transactional_db: None) -> Iterator[int]:
    """The test's own connection goes through PgBouncer while it lasts."""
    straight = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    with pooled(Path(str(straight["HOST"]))) as port:
        connection.close()
        connection.settings_dict.update(HOST="127.0.0.1", PORT=str(port))
        yield port
        connection.close()
        connection.settings_dict.update(straight)


def test_booked_paid_and_invoiced_through_a_pool(port: int, standin: Standin, client: Client) -> None:
    place = make_place()
    client.force_login(make_user())
    said = {"moment": "matin", "poste": "2"}
    assert client.post(f"/essai/reserver/{place.day}/", said).status_code == 302
    order = Order.objects.get()
    pay = {"means": "card", "start": "on"}
    assert client.post(f"/commandes/{order.public_id}/payer/", pay).status_code == 302
    session = order.payments.get().session_id
    standin.pay(session)
    assert client.get(f"/commandes/{order.public_id}/retour/", {"session": session}).status_code == 302
    assert Booking.objects.get().state == "confirmed"
    assert make_due(timezone.now()) == 1
    assert Document.objects.get().files.get(kind="pdf").size > 0
    assert client.get("/moi/factures/").status_code == 200
    servers = [row for row in show(port, "SERVERS") if row["database"] == connection.settings_dict["NAME"]]
    assert servers, "nothing went through the pool"
