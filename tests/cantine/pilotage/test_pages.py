"""« Pilotage » in /gestion/: who sees what, what is said, and that a month's rows equal its figures."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.plugin import DjangoDbBlocker

from cantine.models import Commitment
from cantine.pilotage.board import Board
from cantine.roles import give_role, synchronise
from members.models import User
from tests.cantine.pilotage.world import World, article, make_budget
from tests.factories.bookings import NOW, make_tariff
from tests.factories.members import make_superuser, make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
PAGES = ("pilotage", "pilotage_csv")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with time_machine.travel(NOW, tick=False), lasting(django_db_blocker):
        synchronise()
        yield World(make_superuser(email="direction@cantine.example"))


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hers(world: World) -> User:
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[world.site])
    return user


def month(client: Client, code: str = "2026-10", query: str = "") -> Any:
    return client.get(reverse("admin:pilotage_month", args=[code]) + query)


def test_a_manager_sees_her_sites_the_treasurer_all_and_a_coworker_none(world: World) -> None:
    manager, treasurer = signed_in(hers(world)), signed_in(make_user(role="treasurer"))
    page = manager.get(reverse("admin:pilotage"))
    assertContains(page, "41\u00a0%")
    assertContains(page, "12\u00a0mois jusqu’à octobre", count=5)  # the heading ends with the month that runs
    assertContains(page, "8\u00a0points au-dessus de la trajectoire")
    assertContains(page, "100\u00a0€")  # a year before
    assertNotContains(page, "Vernon")
    other = manager.get(reverse("admin:pilotage"), {"site": world.other.code})
    assertNotContains(other, "1\u202f000,00")
    assert other.context["asked"].sites == (world.site,)
    assert "Vernon" in treasurer.get(reverse("admin:pilotage")).content.decode()
    assertContains(month(manager), "410,00\u00a0€")
    assertContains(month(treasurer), "1\u202f410,00\u00a0€")
    for name in PAGES:
        assert signed_in(make_user()).get(reverse(f"admin:{name}")).status_code == 403
    assert month(signed_in(make_user())).status_code == 403


def test_the_rows_of_a_month_add_up_to_its_figure_and_other_words_are_no_month(world: World) -> None:
    client = signed_in(make_user(role="treasurer"))
    page = month(client, query=f"?site={world.site.code}")
    context = page.context
    assert sum(total for _document, _parts, total in context["rows"]) == context["month"].own == 410
    assertContains(page, "Loyer")
    for code in ("rien", "2026-13", "0001-01"):
        assert month(client, code).status_code == 404


def test_another_price_is_told_on_the_same_volumes_with_its_doubt(world: World) -> None:
    client = signed_in(hers(world))
    page = client.get(reverse("admin:pilotage"), {"quoi": "desks", "pour_cent": "10"})
    assertContains(page, "330\u00a0€ au lieu de 300\u00a0€")
    assertContains(page, "la demande peut changer")
    price = make_tariff(world.site, "desk", product=article(world.site, "postes"))
    offered = client.get(reverse("admin:pilotage")).context["price_form"].fields["quoi"].choices
    assert (f"article-{price.product_id}", f"Tarif\u00a0: {price.product.name}, Falaise") in offered
    wrong = client.get(reverse("admin:pilotage"), {"quoi": "rien", "pour_cent": "x"})
    assert (wrong.status_code, wrong.context["changed"]) == (200, None)


def test_the_report_is_prepared_from_here_by_who_runs_the_sites_chosen(world: World) -> None:
    manager, everywhere = signed_in(hers(world)), signed_in(make_user(role="manager"))
    treasurer, page = signed_in(make_user(role="treasurer")), reverse("admin:pilotage")
    one = f"{reverse('admin:report_preview')}?site={world.site.code}&periode=2026-T3"
    shown = manager.get(page)
    assert shown.context["report"] == one
    assertContains(shown, one.replace("&", "&amp;"))
    assert (
        everywhere.get(page).context["report"] == f"{reverse('admin:report_preview')}?site=&periode=2026-T3"
    )
    assert everywhere.get(page, {"site": world.site.code}).context["report"] == one
    assert treasurer.get(page).context["report"] == reverse("admin:reports")
    assert manager.get(one).status_code == 200


def test_the_table_is_read_by_a_spreadsheet(world: World) -> None:
    answer = signed_in(hers(world)).get(reverse("admin:pilotage_csv"), {"mois": "24"})
    lines = answer.content.decode().splitlines()
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert (len(lines), lines[0].split(";")[0]) == (25, "\ufeffMois")


def test_a_quarter_says_what_it_earned_and_the_share_of_its_costs_once_all_are_known(world: World) -> None:
    def quarter() -> Board:
        page = signed_in(hers(world)).get(reverse("admin:pilotage"), {"mois": "3"})
        return cast("Board", page.context["board"])

    found = quarter()
    assert (len(found.rows), found.total.own) == (3, Decimal(460))
    assert {row.month for row in found.rows if not row.money.costs} == {date(2026, 9, 1)}
    assert found.total_coverage is None
    make_budget(world.site, date(2026, 9, 1))
    assert quarter().total_coverage == 15  # 460 of 3 000


def test_an_empty_budget_says_what_to_enter_and_still_shows_income(world: World) -> None:
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[world.other])
    page = signed_in(user).get(reverse("admin:pilotage"))
    assertContains(page, "Aucun coût n’est saisi")
    assertContains(page, reverse("admin:cantine_budgetline_changelist"))
    assertContains(page, "1\u202f000\u00a0€")


def test_what_is_due_is_to_do_and_marked_as_kept_from_the_list(world: World) -> None:
    manager = hers(world)
    row = Commitment.objects.create(site=world.site, to_whom="Fonds", what="Rapport", due_on=NOW.date())
    client = signed_in(manager)
    assertContains(client.get(reverse("admin:index")), "1 échéance proche")
    assertContains(client.get(reverse("admin:pilotage")), "Rapport")
    action = {"action": "keep", "_selected_action": [row.pk]}
    client.post(reverse("admin:cantine_commitment_changelist"), action)
    row.refresh_from_db()
    assert row.done_by == manager
    assertNotContains(client.get(reverse("admin:index")), "échéance proche")


def test_a_budget_line_is_typed_with_any_day_of_its_month_and_within_reach(world: World) -> None:
    client = signed_in(hers(world))
    add = reverse("admin:cantine_budgetline_add")
    typed = {"kind": "cost", "label": "Eau", "month": "2026-09-17", "amount": "80", "source": ""}
    refused = client.post(add, {**typed, "site": world.other.pk, "seller": ""})
    assert refused.status_code == 200
    assert client.post(add, {**typed, "site": world.site.pk, "seller": ""}).status_code == 302
    assert world.site.budget_lines.get(label="Eau").month.day == 1
    read = signed_in(make_user(role="treasurer"))
    assert read.post(add, {**typed, "site": world.site.pk}).status_code == 403
