"""« Caisse » by the manager and the treasurer: today, closings, counting, archives, the technical log."""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker
from pytest_django.asserts import assertContains, assertRedirects

from billing.models import CashCount, CashMovement, Remittance, TechnicalEvent, TillArchive
from billing.till.closing import close_due
from billing.till.opening_archives import verify_archive
from bookings.models import Site
from cantine.gestion.views import remittances
from cantine.roles import give_role
from members.models import User
from tests.billing.till.test_closing import at, take
from tests.factories.bookings import make_site
from tests.factories.members import make_user
from tests.lasting import lasting

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
PAGES = ("till", "till_closings", "till_archives", "till_log", "remittances")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """A site that sold on three days, which are closed."""
    with lasting(django_db_blocker):
        with time_machine.travel(NOW, tick=False):
            made = make_site(code="essai", name="Essai")
            for days in (40, 3, 1):
                take(made.seller, at(TODAY - dt.timedelta(days=days)))
            close_due(NOW)
        yield made


@pytest.fixture
def site(lived: Site) -> Site:
    return Site.objects.select_related("seller").get(pk=lived.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", ["manager", "treasurer"])
def test_both_read_today_the_closings_and_print_one_and_archive_it(site: Site, role: str) -> None:
    client = signed_in(make_user(role=role))
    take(site.seller, NOW, price="5.50")
    page = client.get(reverse("admin:till"))
    assertContains(page, "5,50\u00a0€")
    month = site.seller.till_closings.get(kind="month")
    ticket = client.get(reverse("admin:till_closing", args=[month.pk]))
    assertContains(ticket, "Grand total perpétuel")
    assertContains(ticket, month.hash)
    assertContains(client.get(reverse("admin:till_closings"), {"nature": "month"}), "Octobre 2026")
    client.post(reverse("admin:archive_till", args=[month.pk]))
    archive = TillArchive.objects.get()
    given = client.get(reverse("admin:till_archive", args=[archive.pk]))
    assert verify_archive(io.BytesIO(b"".join(given.streaming_content)))  # type: ignore[attr-defined]
    page = client.get(reverse("admin:till_archives"))
    assertContains(page, f"{archive.sha256[:12]}…")
    assertContains(page, f"clé en usage, {archive.signed_with}")
    log = client.get(reverse("admin:till_log"))
    assertContains(log, "Connexion de l’équipe")
    assertContains(log, "Archive de caisse")
    assertContains(client.get(reverse("admin:till_log"), {"nature": "mode"}), "documents: real")
    assert TechnicalEvent.objects.filter(kind="sign_in").count() == 1


def test_the_manager_counts_by_notes_and_coins_and_notes_what_leaves(site: Site) -> None:
    client, at_ = signed_in(make_user(role="manager")), reverse("admin:cash_count", args=["essai"])
    page = client.post(at_, {"c2000": "4", "c50": "1"}, follow=True)
    assertContains(page, "80,50\u00a0€ comptés\u00a0: la caisse part de là.")
    take(site.seller, NOW)
    page = client.post(at_, {"total": "116,00", "note": "Pressée"}, follow=True)
    assertContains(page, "il manque 0,50\u00a0€")
    move = reverse("admin:move_cash", args=["essai"])
    assertRedirects(client.post(move, {"kind": "banked", "amount": "36"}), at_)
    assertContains(client.get(at_), "80,00\u00a0€ attendus")
    put_right = {"kind": "fix", "amount": "6", "reason": "30 et non 36"}
    banked = CashMovement.objects.get()
    assertRedirects(client.post(move, {**put_right, "corrects": str(banked.pk)}), at_)
    assert banked.corrections.get().amount == 6
    before = CashCount.objects.count(), CashMovement.objects.count()
    for address, data in (
        (at_, {}),
        (at_, {"c2000": "1", "total": "21"}),
        (at_, {"c2000": "-1"}),
        (move, {"kind": "fix", "amount": "-2"}),
        (move, {**put_right, "amount": "31", "corrects": str(banked.pk)}),
        (move, {"kind": "banked", "amount": "-2"}),
    ):
        assert client.post(address, data).status_code == 422, data
    assert (CashCount.objects.count(), CashMovement.objects.count()) == before


def test_the_treasurer_reads_counts_and_makes_none(site: Site) -> None:
    client, at_ = signed_in(make_user(role="treasurer")), reverse("admin:cash_count", args=["essai"])
    assert client.get(at_).status_code == 200
    assert client.post(at_, {"total": "5"}).status_code == 403
    assert client.post(reverse("admin:move_cash", args=["essai"]), {"kind": "float"}).status_code == 403
    assert not CashCount.objects.exists()


def test_who_manages_one_of_a_sellers_sites_counts_there_and_reads_none_of_its_sums(site: Site) -> None:
    make_site(code="ailleurs", name="Ailleurs", seller=site.seller)
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[site])
    client = signed_in(user)
    closing = site.seller.till_closings.first()
    assert closing is not None
    page = client.get(reverse("admin:till"))
    assertContains(page, "Essai")
    assert ("Ailleurs" in page.content.decode(), page.context["seller"]) == (False, None)
    assert client.get(reverse("admin:till_closing", args=[closing.pk])).status_code == 404
    assert client.get(reverse("admin:till_log")).status_code == 403
    assert client.get(reverse("admin:cash_count", args=["ailleurs"])).status_code == 404
    assert client.post(reverse("admin:cash_count", args=["essai"]), {"total": "5"}).status_code == 302


def test_pages_ask_as_many_queries_for_many_rows_as_for_few(site: Site) -> None:
    client = signed_in(make_user(role="manager"))
    count = reverse("admin:cash_count", args=["essai"])
    addresses = [*(reverse(f"admin:{name}") for name in PAGES), count]

    def queries() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    def archive_and_count(number: int) -> None:
        for closing in site.seller.till_closings.filter(archive=None)[:number]:
            client.post(reverse("admin:archive_till", args=[closing.pk]))
            client.post(count, {"total": "5"})
            client.post(reverse("admin:move_cash", args=["essai"]), {"kind": "float", "amount": "1"})

    archive_and_count(1)
    client.get(count)
    few = queries()
    archive_and_count(4)
    client.get(count)
    assert queries() == few


@pytest.fixture
def waiting(site: Site) -> dict[str, Any]:
    """A cheque and a card wait for the bank: what is sent for the cheque."""
    cheque = take(site.seller, NOW, method="cheque", price="55.00").events.get()
    take(site.seller, NOW, method="terminal", price="40.00")
    sent = {"moyen": "cheque", "prise": [str(cheque.pk)], "montant": "55,00"}
    return {**sent, "date": f"{TODAY}", "libelle": "Bordereau 7"}


def test_a_wrong_sum_says_what_is_ticked_and_nothing_wrong_is_remitted(
    site: Site, waiting: dict[str, Any]
) -> None:
    client, listed = signed_in(make_user(role="manager")), reverse("admin:remittances")
    (cheque,), sent = waiting["prise"], {**waiting, "montant": "50"}
    page = client.post(listed, sent)
    assert page.status_code == 422
    assertContains(page, "Ce qui est coché fait 55,00\u00a0€", status_code=422)
    assertContains(page, f'value="{cheque}" checked', status_code=422)
    wrongs: list[dict[str, Any]] = [{"moyen": "cash"}, {"prise": ["0"]}, {"prise": []}, {"date": "x"}]
    for wrong in wrongs:
        assert client.post(listed, {**sent, "montant": "55,00", **wrong}).status_code == 422
    for before in ("x", f"{TODAY + dt.timedelta(days=1)}", "2001-01-01"):
        refused = client.post(reverse("admin:remit_past"), {"moyen": "cheque", "avant": before})
        assertRedirects(refused, f"{listed}?vendeur={site.seller.code}")
    assert not Remittance.objects.exists()


@pytest.mark.parametrize("role", ["manager", "treasurer"])
def test_what_the_bank_received_is_ticked_and_typed_and_taken_back(
    waiting: dict[str, Any], role: str
) -> None:
    client, listed = signed_in(make_user(role=role)), reverse("admin:remittances")
    assertContains(
        client.get(reverse("admin:till")), "55,00\u00a0€ en chèques et 40,00\u00a0€ en cartes attendent"
    )
    page = client.post(listed, waiting, follow=True)
    made = Remittance.objects.get()
    assertContains(page, "Bordereau 7")
    client.post(
        listed,
        {"moyen": "terminal", "prise": [f"{TODAY}"], "montant": "39,40", "frais": "0,60", "date": f"{TODAY}"},
    )
    assert Remittance.objects.latest("pk").net == Decimal("39.40")
    assertContains(client.get(listed), "Rien n’attend", 2)
    page = client.post(reverse("admin:withdraw_remittance", args=[made.pk]), follow=True)
    assertContains(page, "ce qu’elle contenait attend à nouveau")
    assertContains(
        client.post(reverse("admin:withdraw_remittance", args=[made.pk]), follow=True), "déjà retirée"
    )


def test_every_cheque_that_waits_is_on_a_page_the_newest_first_and_can_be_ticked(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remittances, "SHOWN", 2)
    keys = [
        str(take(site.seller, NOW, method="cheque", price=f"{price}.00").events.get().pk)
        for price in (10, 20, 30)
    ]
    client, listed = signed_in(make_user(role="treasurer")), reverse("admin:remittances")
    for number, shown in ((1, keys[:0:-1]), (2, keys[:1])):
        page = client.get(listed, {"cheque": number, "terminal": 1})
        assert [each.key for each, _ticked in page.context["sections"][0].form.rows] == shown
        assertContains(page, "60,00\u00a0€")
    there = f"?vendeur={site.seller.code}&terminal=1&cheque=1"
    assertContains(page, f'formaction="{there.replace("&", "&amp;")}"')
    sent = {"moyen": "cheque", "prise": [keys[0], keys[2]], "montant": "40", "date": f"{TODAY}"}
    page = client.post(listed + there, {**sent, "voir": "1"})  # the other page, with what was ticked on both
    assertContains(page, "checked", 2)
    assertContains(page, "Cochés jusqu’ici\u00a0: 2, 40,00\u00a0€")
    assertContains(page, 'value="40"')
    assert not Remittance.objects.exists()
    assertContains(client.post(listed, {**sent, "montant": "4"}), "checked", 2, status_code=422)
    assert client.post(listed, sent).status_code == 302
    assert Remittance.objects.get().contents.count() == 2


def test_who_manages_one_of_a_sellers_sites_gives_nothing_to_its_bank(site: Site) -> None:
    make_site(code="ailleurs", name="Ailleurs", seller=site.seller)
    user = make_user(role=None)
    give_role(user=user, role="manager", by=None, sites=[site])
    assert signed_in(user).get(reverse("admin:remittances")).status_code == 403
    assert signed_in(user).post(reverse("admin:remittances"), {"moyen": "cheque"}).status_code == 403
