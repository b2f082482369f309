"""The copy of someone's data: asked once a day, made by the worker, fetched for a week by its owner alone."""

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing.documents.files import make_due as make_files
from members.errors_privacy import AskedToday
from members.models import DataRequest, Message, User
from members.services.copying import KEPT, LEASE, ask_for_copy, drop_over, make_due
from members.services.reading import note_read
from members.services.sessions import note
from tests.billing.collecting.steps import make_due as make_invoice
from tests.events.test_registering import sign_up
from tests.factories.billing import make_customer
from tests.factories.bookings import make_confirmed, make_desk, make_house
from tests.factories.events import make_event
from tests.factories.members import make_affiliation, make_organisation, make_user
from tests.factories.rentals import make_rental_request, make_rented_house

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def user() -> User:
    return make_user(name="Camille Essai", email="camille@cantine.example")


def made(user: User) -> DataRequest:
    request = ask_for_copy(user=user, now=NOW)
    assert make_due(NOW) == 1
    request.refresh_from_db()
    return request


def opened(request: DataRequest) -> ZipFile:
    with default_storage.open(request.path) as file:
        return ZipFile(BytesIO(file.read()))


def test_a_second_time_on_a_day_is_refused(user: User) -> None:
    ask_for_copy(user=user, now=NOW)
    with pytest.raises(AskedToday):
        ask_for_copy(user=user, now=NOW)
    assert DataRequest.objects.count() == 1
    ask_for_copy(user=user, now=NOW + timedelta(days=1))


def test_it_holds_what_every_room_knows_and_the_files(user: User) -> None:
    make_confirmed(space=make_desk(make_house()), user=user, customer=make_customer(user, terms_days=30))
    invoice = make_invoice(NOW, customer=user.customer)
    make_files(NOW)
    seat = sign_up(make_event(), email=user.email).places.get()
    make_rental_request(make_rented_house(), email=user.email, name="Camille Essai")
    note_read(reader=make_user(role="manager", name="Dominique"), person_id=user.pk, page="/x/", now=NOW)
    with opened(made(user)) as archive:
        rows = json.loads(archive.read("data.json"))
        names = set(archive.namelist())
        assert "Camille Essai" in archive.read("LISEZ-MOI.txt").decode()
        assert archive.read(f"documents/{invoice.seller.code}/{invoice.number}.pdf").startswith(b"%PDF")
    assert rows["account"][0]["email"] == "camille@cantine.example"
    assert [len(rows[name]) for name in ("bookings", "registrations", "rental_requests")] == [1, 1, 1]
    assert rows["documents"][-1]["number"] == invoice.number
    assert rows["read_by_staff"][0]["reader__name"] == "Dominique"
    assert f"tickets/{seat.spelt}.png" in names


def test_it_tells_sessions_second_factors_and_roles_in_words_and_no_secret(user: User) -> None:
    make_affiliation(organisation=make_organisation(), user=user, may_pay=True)
    user.affiliations.update(is_owner=True)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    note(Client().session, user_id=user.pk, meta={"HTTP_USER_AGENT": "Firefox/140.0 Linux"}, now=NOW)
    with opened(made(user)) as archive:
        text, readme = archive.read("data.json").decode(), archive.read("LISEZ-MOI.txt").decode()
    rows = json.loads(text)
    assert [each["user_agent"] for each in rows["sessions"]] == ["Firefox/140.0 Linux"]
    assert [each["type"] for each in rows["second_factors"]] == ["totp"]
    assert [each["is_owner"] for each in rows["organisations"]] == [True]
    sealed = Authenticator.objects.get(user=user).data["secret"]
    assert secret not in text
    assert sealed not in text
    assert [name for name in rows if f"{name} : " not in readme] == []
    assert "jamais leurs secrets" in readme


def test_it_holds_nothing_of_anyone_else(user: User) -> None:
    other = make_user(name="Noé Ailleurs", email="noe@cantine.example")
    make_confirmed(space=make_desk(make_house()), user=other)
    sign_up(make_event(), email=other.email, name="Noé Ailleurs")
    make_rental_request(make_rented_house(), email=other.email, name="Noé Ailleurs")
    with opened(made(user)) as archive:
        assert "Noé Ailleurs" not in archive.read("data.json").decode()
        assert "noe@cantine.example" not in archive.read("data.json").decode()


def test_an_address_that_is_not_proved_gives_nothing(user: User) -> None:
    make_rental_request(make_rented_house(), email=user.email, name="Quelqu’un d’autre")
    EmailAddress.objects.filter(user=user).update(verified=False)
    with opened(made(user)) as archive:
        assert json.loads(archive.read("data.json"))["rental_requests"] == []


def test_it_is_written_in_the_persons_language() -> None:
    with opened(made(make_user(language="en"))) as archive:
        assert "README.txt" in archive.namelist()


def test_a_worker_that_was_killed_leaves_it_to_the_next(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    request = ask_for_copy(user=user, now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr("members.services.copying._record", _killed)
        with pytest.raises(KeyboardInterrupt):
            make_due(NOW)
    assert make_due(NOW) == 0
    assert make_due(NOW + LEASE) == 1
    assert default_storage.listdir("exports")[1] == [Path(request.path).name]
    assert Message.objects.filter(template="privacy/copy_ready").count() == 1


def _killed(*_given: object, **_named: object) -> bool:
    raise KeyboardInterrupt


def test_its_owner_fetches_it_and_nobody_else(user: User) -> None:
    request = made(user)
    at = reverse("members:copy", args=[request.key])
    assert Client().get(at).status_code == 302
    for someone, status in ((make_user(), 404), (make_user(role="manager"), 404), (user, 200)):
        client = Client()
        client.force_login(someone)
        assert client.get(at).status_code == status


def test_after_a_week_it_is_gone(user: User) -> None:
    request = made(user)
    assert drop_over(NOW + KEPT - timedelta(seconds=1)) == 0
    assert (drop_over(NOW + KEPT), drop_over(NOW + KEPT)) == (1, 0)
    assert not default_storage.exists(request.path)
    client = Client()
    client.force_login(user)
    assert client.get(reverse("members:copy", args=[request.key])).status_code == 404
