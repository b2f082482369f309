"""Whatever is typed into an address or a form is answered, never by an error of ours."""

import re
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from members.access import PUBLIC, SIGNED_IN, WITH_KEY
from members.checks import access_of, walk
from members.models import Notice, User
from tests.factories.billing import make_customer, make_order
from tests.factories.members import make_membership, make_message, make_organisation, make_user
from tests.factories.notices import make_notice, make_profile
from tests.factories.places import Place, make_booked, make_place

pytestmark = pytest.mark.django_db

IN_ADDRESSES = """
    a all app_label competence da date de depuis du au e equipement espace etage etat field_name genre
    jour model_name moment next o p page places poste q qui raison reste retour salle session site sorte
    term user voir vue _popup _to_field _changelist_filters is_active__exact groups__id__exact
    site__id__exact
"""
IN_FORMS = """
    about action action_add _selected_action address body city code country deplacer door drawing email
    helped_by index is_listed job kept_photo kind language login looking_for means method name offering
    oldpassword paiement password password1 password2 postcode reason roles shown siren skills slug
    subdivision terms_days thanks timezone title valid_from valid_to vat_number vu waive weekday opens
    closes
"""
NAMES = (*IN_ADDRESSES.split(), *IN_FORMS.split())
HOSTILE = (
    "",
    "²",
    "-1",
    "9" * 30,
    "0001-01-01",
    "9999-12-31",
    "24:00",
    "[]",
    "'\"><script>alert(1)</script>{{ 7*7 }}%s",
    "../../etc/passwd\r\nX: y",
    "person:" + "9" * 30,
    "é🙂\u202e" * 90,
)
"""Nothing, digits that are no number or too many, the ends of the calendar, JSON of another shape, code…"""

PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")
LISTS = tuple(f"/gestion/{room}/" for room in ("billing", "bookings", "cantine", "events", "members"))
OF_A_LIST = 5
"""List, adding, changing, history, deleting: the pages that Django draws for each."""
REGEXP = re.compile(r"[\^$]|\(\?P?<\w+>[^)]*\)")


def known_values(place: Place, user: User) -> dict[str, str]:
    """What stands in addresses: things that exist, and are this person's."""
    booking = make_booked(user, place.desk(1), place.morning())
    make_membership(organisation=make_organisation(user))
    make_message(template="account/password_set")
    make_profile(user=user, slug="cgv")
    make_notice(author=user)
    Notice.objects.update(slug="cgv")
    order = make_order(customer=make_customer(user), now=timezone.now())
    return {
        "site": place.site.code,
        "day": place.day.isoformat(),
        "public_id": order.public_id,
        "reference": booking.reference,
        "slug": "cgv",
        "version": "1",
    }


def addresses(known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """List (address, access) of each view, of things that exist where there are some."""
    first: dict[type[Model], str] = {}
    for route, _name, view in walk():
        values, model_admin = dict(known), getattr(view, "model_admin", None)
        if "object_id" not in values and model_admin:
            model = model_admin.model
            if model not in first:
                first[model] = str(getattr(model._default_manager.first(), "pk", 1))
            values["object_id"] = first[model]
        at = "/" + REGEXP.sub("", fill(route, values))
        if not at.endswith(("/deconnexion/", "/logout/")):
            yield at, access_of(view) or ""


def fill(route: str, values: dict[str, str]) -> str:
    """Put values in the place of what a route leaves open."""
    for found in list(PLACEHOLDER.finditer(route)):
        route = route.replace(found.group(), values.get(found.group(1), "1"))
    return route


def client_of(user: User | None) -> Client:
    """A browser that is answered as by a server, errors included."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def failure(response: Any, what: str) -> list[str]:
    """Why a page answered with an error of ours; nothing when it did not."""
    if response.status_code < 500:
        return []
    error = getattr(response, "exc_info", None)
    return [f"{what}: {error[1]!r}" if error else what]


def tried(client: Client, at: str, *, rounds: int) -> list[str]:
    """What fails on one page, each field with a value of its own each round: the same at every run."""
    chance, found = Random(at), list[str]()
    for _round in range(rounds):
        data = {name: chance.choice(HOSTILE) for name in NAMES}
        found += failure(client.get(at, data), f"GET {at} {data}")
        found += failure(client.post(at, data), f"POST {at} {data}")
    return found


ROUNDS = pytest.mark.parametrize("rounds", [1, pytest.param(8, marks=pytest.mark.soak)])
EVERY = pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.soak)])
"""Of the manager's own pages one in so many, of those Django draws for each list fewer; all in the soak."""


def share(listed: list[str], every: int) -> list[str]:
    """A share of the addresses of the desk: pages of every kind, and not the same one of every list."""
    if every == 1:
        return listed
    lists = [at for at in listed if at.startswith(LISTS)]
    return [at for at in listed if not at.startswith(LISTS)][::every] + lists[:: OF_A_LIST * every + 1]


@ROUNDS
@pytest.mark.parametrize("someone", ["visitor", "coworker"])
def test_nothing_sent_breaks_a_page_of_the_site(someone: str, rounds: int) -> None:
    user = make_user()
    known = known_values(make_place(), user)
    outside = [(at, access) for at, access in addresses(known) if not at.startswith("/gestion/")]
    if someone == "visitor":
        listed = [at for at, access in outside if access in (PUBLIC, WITH_KEY)]
    else:  # what is for everyone was sent the same by a visitor
        everyones = [at for at, access in outside if access == PUBLIC]
        listed = everyones[:: 1 if rounds > 1 else 3]
        listed += [at for at, access in outside if access == SIGNED_IN]
    client = client_of(user if someone == "coworker" else None)
    assert [line for at in listed for line in tried(client, at, rounds=rounds)] == []


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.soak)])
def test_no_single_parameter_breaks_a_page_of_booking(every: int) -> None:
    user, place = make_user(), make_place()
    known = known_values(place, user)
    pages = [at for at, _access in addresses(known) if at.startswith(("/reserver/", "/salles/", "/essai/"))]
    names = ("site", "jour", "moment", "poste", "equipement", "salle", "de", "a", "places")
    client, found = client_of(user), list[str]()
    for at, name, value in list(product(pages, names, HOSTILE))[::every]:
        found += failure(client.get(at, {name: value}), f"GET {at}?{name}={value}")
    assert found == []


@ROUNDS
@EVERY
def test_nothing_sent_breaks_a_page_of_gestion(rounds: int, every: int) -> None:
    known = known_values(make_place(), make_user())
    client = client_of(make_user(role="manager"))
    listed = [at for at, _access in addresses(known) if at.startswith("/gestion/")]
    assert [line for at in share(listed, every) for line in tried(client, at, rounds=rounds)] == []


@EVERY
def test_no_value_in_the_address_itself_breaks_anything(every: int) -> None:
    client, found = client_of(make_user(role="manager")), list[str]()
    names = ("site", "day", "public_id", "reference", "number", "slug", "object_id", "name", "version")
    for value in HOSTILE[1::2]:
        typed = quote(value, safe="")
        holding = [at for at, _access in addresses(dict.fromkeys(names, typed)) if typed in at]
        for at in share(holding, every):
            found += failure(client.get(at), f"GET {at}")
    assert found == []
