"""The public map and open data: only who agreed, nobody in person, few queries."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from bookings.models import Booking, Site
from cantine.ecosystem.drawing import HEIGHT, MOST, ORDER, WIDTH, tile
from cantine.ecosystem.open_data import DATASETS, FEWEST, people
from cantine.ecosystem.open_files import FORMS
from members.models import Message, Organisation, User
from members.services.listing import withdraw_listing
from tests.factories.bookings import NOW, make_confirmed, make_house, on
from tests.factories.ecosystem import make_known, make_sector, make_town
from tests.factories.events import make_event, make_registration
from tests.factories.members import make_organisation, make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)
"""When the month of NOW is over."""


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    caches["redis"].clear()
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture(autouse=True, scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A house where six people had a desk, and one where one had; organisations that agreed or not."""
    with lasting(django_db_blocker), time_machine.travel(NOW, tick=False):
        site, quiet = make_house(code="essai", desks=8), make_house(code="calme")
        for number in range(1, 7):
            booked(
                site,
                number,
                make_user(name=f"Prénom Secret{number}", email=f"secret{number}@cantine.example"),
            )
        booked(quiet, 1, make_user(name="Seule Secrète"))
        event = make_event(site=site, by=make_user(name="Bénévole Secret"), title="Midi des essais")
        make_registration(event, name="Inscrite Secrète", email="inscrite@cantine.example")
        make_event(site=site, title="Réservé aux membres", audience="members")
        rouen, logiciel = make_town("rouen"), make_sector()
        owner = make_user(name="Patronne Secrète")
        make_known(
            organisation=make_organisation(owner, name="Montrée"),
            listed=True,
            agglomeration=rouen,
            sector=logiciel,
            city="Elbeuf",
            jobs={2026: 4},
            at=NOW,
        )
        make_known(name="=Formule", listed=True, kind="school", agglomeration=make_town("caen"), at=NOW)
        make_known(name="Discrète", agglomeration=rouen)
        yield


def booked(site: Site, number: int, user: User) -> Booking:
    space = site.spaces.get(kind="desk", number=number)
    period = on(NOW.date() + timedelta(days=2), time(9), time(13))
    return make_confirmed(space=space, user=user, period=period, now=NOW)


def taken(name: str, form: str = "json") -> bytes:
    answer = Client().get(reverse("open_data_file", args=[name, form]))
    assert answer.status_code == 200
    return answer.content


def test_the_map_shows_who_agreed_and_filters_them() -> None:
    page = Client().get(reverse("ecosystem")).content.decode()
    assert "Montrée" in page
    assert "Discrète" not in page
    assert 'aria-label="Rouen\u00a0: 1 organisation. Start-up\u00a0: 1."' in page
    for query, shown in (
        ({"agglo": "rouen"}, True), ({"agglo": "caen"}, False), ({"genre": "startup"}, True),
        ({"genre": "school"}, False), ({"secteur": "logiciel"}, True), ({"q": "elbeuf montree"}, True),
        ({"q": "rien"}, False), ({"agglo": "nulle-part"}, True),
    ):  # fmt: skip
        html = Client().get(reverse("ecosystem"), query).content.decode()
        assert ("Montrée" in html) is shown, query
    english = Client().get(reverse("ecosystem"), headers={"accept-language": "en"}).content.decode()
    assert "The ecosystem, along the Seine" in english


def test_who_withdraws_is_gone_from_the_map_and_from_open_data_at_once() -> None:
    assert b"Montr\xc3\xa9e" in taken("organisations")
    withdraw_listing(organisation=Organisation.objects.get(name="Montrée"), now=timezone.now())
    assert "Montrée" not in Client().get(reverse("ecosystem")).content.decode()
    assert b"Montr\xc3\xa9e" not in taken("organisations")


def test_nothing_that_anyone_may_take_says_anything_of_a_person() -> None:
    texts = [taken(name, form).decode() for name in DATASETS for form in FORMS]
    texts += [Client().get(reverse(page)).content.decode() for page in ("ecosystem", "open_data")]
    everything = "\n".join(texts)
    words = {user.email for user in User.objects.all()} | {user.name for user in User.objects.all()}
    words |= set(Message.objects.values_list("to", flat=True)) | {"Secret", "Secrète", "secret1"}
    assert [word for word in words if word and word in everything] == []
    assert "@" not in "".join(taken(name, form).decode() for name in DATASETS for form in FORMS)
    assert "Midi des essais" in everything
    assert "Réservé aux membres" not in everything


def test_few_people_are_not_told() -> None:
    month = f"{NOW:%Y-%m}"
    rows = {(row["site"], row["mois"]): (row["personnes"], row["secret"]) for row in people(LATER)}
    assert rows["essai", month] == (6, False)
    assert rows["calme", month] == (None, True)
    assert {number for number, _few in rows.values() if number} == {6}
    assert FEWEST == 5


def test_hours_are_what_was_booked() -> None:
    rows = json.loads(taken("occupation"))["donnees"]
    found = next(row for row in rows if (row["site"], row["mois"]) == ("essai", f"{NOW:%Y-%m}"))
    assert found["heures_prises"] == 6 * 4
    assert found["taux_occupation"] == round(100 * found["heures_prises"] / found["heures_offertes"])


def test_each_file_has_its_fields_in_every_form_and_is_given_once() -> None:
    for dataset in DATASETS.values():
        names = [field.name for field in dataset.fields]
        body = json.loads(taken(dataset.name))
        assert body["licence"] == "Licence Ouverte 2.0 (Etalab)"
        assert all(list(row) == names for row in body["donnees"])
        table = list(csv.reader(io.StringIO(taken(dataset.name, "csv").decode("utf-8-sig")), delimiter=";"))
        assert table[0] == names
        assert len(table) == 1 + len(body["donnees"])
        schema = json.loads(taken(dataset.name, "schema.json"))
        assert [field["name"] for field in schema["fields"]] == names
        at = reverse("open_data_file", args=[dataset.name, "json"])
        first = Client().get(at)
        again = Client().get(at, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert "'=Formule" in taken("organisations", "csv").decode()
    assert Client().get("/donnees/organisations.csv").headers["Cache-Control"] == "no-cache"
    assert (
        Client().get("/donnees/rien.csv").status_code
        == Client().get("/donnees/personnes.xml").status_code
        == 404
    )


def test_who_asks_too_often_is_told_to_wait() -> None:
    at, client = reverse("open_data_file", args=["organisations", "json"]), Client(REMOTE_ADDR="203.0.113.9")
    codes = [client.get(at).status_code for _turn in range(61)]
    assert (codes[0], codes[-1]) == (200, 429)
    caches["default"].clear()


def test_the_map_asks_as_much_for_more_organisations() -> None:
    with CaptureQueriesContext(connection) as few:
        Client().get(reverse("ecosystem"))
    for number in range(9):
        make_known(name=f"Encore {number}", listed=True, agglomeration=make_town(), sector=make_sector())
    with CaptureQueriesContext(connection) as more:
        Client().get(reverse("ecosystem"))
    assert len(more) == len(few) <= 8


@given(kinds=st.lists(st.sampled_from(ORDER), max_size=MOST + 20))
def test_marks_stand_inside_their_tile_apart_from_each_other(kinds: list[str]) -> None:
    drawn = tile("Essai", kinds)
    assert drawn.number == len(kinds) == len(drawn.marks) + drawn.more
    places = [(float(mark.x), float(mark.y), float(mark.side)) for mark in drawn.marks]
    assert all(0 <= x <= WIDTH - side and 0 <= y <= HEIGHT - side for x, y, side in places)
    for index, (x, y, side) in enumerate(places):
        for other_x, other_y, _side in places[:index]:
            assert (x - other_x) ** 2 + (y - other_y) ** 2 > side**2
