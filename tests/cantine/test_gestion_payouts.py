"""« Versements » by the treasurer and the manager of everything; `manage.py audit` on them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Anomaly, Payout, WriteOff
from cantine.roles import give_role
from members.models import StaffListRead, User
from tests.cantine.test_audit import forge, found
from tests.factories.billing import TRIAL, make_seller
from tests.factories.bookings import make_site
from tests.factories.members import make_user
from tests.factories.payouts import charged, moved, paid_out, pay_by_card

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
OLD = NOW - dt.timedelta(days=11)
LIST = "admin:payouts"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    TRIAL.forget()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=["manager", "treasurer"])
def who(request: pytest.FixtureRequest) -> User:
    return make_user(role=request.param)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_payouts_are_listed_with_what_is_in_transit_and_the_fees_of_the_month(who: User) -> None:
    seller = make_seller()
    late = pay_by_card(OLD, seller=seller)
    pay_by_card(NOW, seller=seller)
    paid_out([charged(pay_by_card(OLD, seller=seller), OLD)], NOW)
    paid_out([charged(pay_by_card(OLD, seller=seller), OLD)], NOW, status="in_transit")
    client = signed_in(who)
    page = client.get(reverse(LIST))
    assertContains(page, "72,00\u00a0€")  # two payments in no payout
    assertContains(page, "1 paiement attend depuis plus de 10\u00a0jours\u00a0: 36,00\u00a0€")
    assertContains(page, reverse("admin:billing_payment_change", args=[late.pk]))
    assertContains(page, "1,58\u00a0€")  # fees of November
    assertContains(page, "à rapprocher")
    assertContains(page, "en route")
    waiting = client.get(reverse(LIST), {"etat": "a-rapprocher"})
    assertNotContains(waiting, 'state--wait">\n    en route')
    table = client.get(reverse("admin:payouts_table"))
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = table.content.decode()
    assert text.startswith("\ufeffArrivée en banque;Versement;")
    assert ";36,00;0,79;35,21;" in text


def test_one_payout_shows_its_movements_and_is_matched(who: User) -> None:
    payment = pay_by_card(OLD)
    payout = paid_out([charged(payment, OLD), moved("stripe_fee", "", Decimal("-2.00"), OLD)], NOW)
    client, at = signed_in(who), reverse("admin:payout", args=[payout.pk])
    page = client.get(at)
    assertContains(page, reverse("admin:billing_payment_change", args=[payment.pk]))
    assertContains(page, reverse("admin:billing_order_change", args=[payment.order_id]))
    assertContains(page, 'value="33,21"')
    posted = {"montant": "33,00", "date": "2026-11-24", "libelle": "=VIR STRIPE"}
    match = reverse("admin:match_payout", args=[payout.pk])
    assert client.post(match, {**posted, "montant": "x"}).status_code == 422
    assertContains(client.post(match, {**posted, "date": "2026-11-26"}), "est à venir")
    payout.refresh_from_db()
    assert payout.matched_at is None
    asked = client.post(match, posted)
    assertContains(asked, "Confirmer l’écart de −0,21\u00a0€", status_code=409)
    assertContains(asked, 'name="ecart" value="-0.21"', status_code=409)
    assertContains(asked, "le compte 512000 garde le net de Stripe", status_code=409)
    payout.refresh_from_db()
    assert payout.matched_at is None
    confirmed = client.post(match, {**posted, "ecart": "-0.21"})
    assertRedirects(confirmed, at, fetch_redirect_response=False)
    assertContains(client.get(at), "−0,21\u00a0€")
    assert Anomaly.objects.open().count() == 1
    client.post(match, {**posted, "montant": "33.21"})
    payout.refresh_from_db()
    assert (payout.matched_by, payout.difference) == (who, Decimal(0))
    assert not Anomaly.objects.open().exists()
    assert ";'=VIR STRIPE;" in client.get(reverse("admin:payouts_table")).content.decode()
    movements = client.get(reverse("admin:payout_table", args=[payout.pk])).content.decode()
    assert f"{payment.order.reference};36,00;0,79;35,21;" in movements
    assert ";0,00;2,00;-2,00;" in movements


def test_who_may_not_match_reads_only() -> None:
    user = make_user(role="treasurer")
    group = user.groups.get(name="treasurer")
    client, payout = signed_in(user), paid_out([charged(pay_by_card(OLD), OLD)], NOW)
    group.permissions.remove(Permission.objects.get(codename="match_payout"))
    assertNotContains(client.get(reverse("admin:payout", args=[payout.pk])), "La banque l’a reçu")
    posted = {"montant": "35.21", "date": "2026-11-24"}
    assert client.post(reverse("admin:match_payout", args=[payout.pk]), posted).status_code == 403
    assert Payout.objects.to_match().count() == 1


def test_the_pages_ask_as_many_queries_for_many_as_for_few() -> None:
    client, seller = signed_in(make_user(role="treasurer")), make_seller()

    def queries(*addresses: str) -> list[int]:
        found = []
        for at in addresses:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(at).status_code == 200
            found.append(len(asked))
        return found

    def grow(number: int) -> None:
        for _each in range(number):
            paid = [charged(pay_by_card(OLD, seller=seller), OLD) for _ in range(number)]
            paid_out([*paid, charged(None, OLD)], NOW)
            pay_by_card(OLD, seller=seller)

    grow(1)
    listed = (reverse(LIST), reverse("admin:payouts_table"))
    few = queries(*listed, reverse("admin:payout", args=[Payout.objects.get().pk]))
    grow(2)
    last = Payout.objects.order_by("-pk")[0]
    assert queries(*listed, reverse("admin:payout", args=[last.pk])) == few
    assert max(few) <= 16


SUM, PLACE = "3 payouts are the sum of their movements", "3 every movement of a payout is of one payment"


def test_audit_is_quiet_over_what_was_recorded_and_names_what_was_forged() -> None:
    seller = make_seller()
    first, second = (pay_by_card(OLD, seller=seller) for _ in range(2))
    paid_out([charged(first, OLD), charged(second, OLD), charged(None, OLD)], NOW)
    assert not found(SUM) + found(PLACE)
    forge("UPDATE billing_balancemovement SET gross = gross + 1, net = net + 1 WHERE payment_id IS NOT NULL")
    assert found(SUM)
    assert found(PLACE)


def test_the_treasurer_writes_a_lost_dispute_off_and_takes_that_back_and_a_manager_reads_it() -> None:
    payment = pay_by_card(OLD)
    taken = moved("dispute", "dp_1", Decimal(-36), OLD, fee=Decimal(20), intent=payment.intent_id)
    payout = paid_out([charged(payment, OLD), taken], OLD)
    movement = payout.movements.get(kind="dispute")
    at = reverse("admin:dispute", args=[movement.pk])
    treasurer, manager = (signed_in(make_user(role=name)) for name in ("treasurer", "manager"))
    assertContains(treasurer.get(reverse("admin:payout", args=[payout.pk])), at)
    page = reverse("admin:accounts_receivables", query={"vendeur": payout.seller.code})
    assertContains(treasurer.get(page), at)
    assertNotContains(manager.get(at), "Passer en perte")
    sent = {"date": "2026-11-24", "motif": "Perdue à la banque", "tva": "on"}
    assert manager.post(at, sent).status_code == 403
    assert treasurer.post(at, {**sent, "motif": ""}).status_code == 422
    assertContains(treasurer.post(at, {**sent, "date": "2026-11-25"}), "est à venir", status_code=422)
    assertContains(treasurer.post(at, {**sent, "date": "2001-01-01"}), "avant celle de la", status_code=422)
    assert not WriteOff.objects.exists()
    assertRedirects(treasurer.post(at, sent), at)
    shown = treasurer.get(at)
    assertContains(shown, "TVA récupérée\u00a0: 6,00\u00a0€ à 20\u00a0%.")
    assertContains(shown, "Perdue à la banque")
    vat = reverse("admin:accounts_vat", query={"vendeur": payout.seller.code, "taux": "20.00"})
    local = make_user(role=None)
    give_role(user=local, role="manager", by=None, sites=[make_site(code="ici", seller=payout.seller)])
    entries = reverse("admin:accounts_entries", query={"vendeur": payout.seller.code})
    for address, leads in ((vat, [at]), (entries, [at, reverse("admin:payout", args=[payout.pk])])):
        hers, theirs = treasurer.get(address), signed_in(local).get(address)
        for link in leads:  # pages that concern the whole house
            assertContains(hers, f'href="{link}"')
            assertNotContains(theirs, f'href="{link}"')
        assertContains(hers, "PE-")
        assertContains(theirs, "PE-")
    treasurer.get(page, {"csv": "1"})
    reads = StaffListRead.objects.filter(page=reverse("admin:accounts_receivables")).order_by("pk")
    assert [(read.people, read.is_file) for read in reads] == [(1, False), (0, True)]
    back = reverse("admin:withdraw_write_off", args=[movement.pk])
    assert manager.post(back).status_code == 403
    assertContains(treasurer.post(back, follow=True), "due à nouveau")
    assertContains(treasurer.post(back, follow=True), "Aucune perte")
    assert treasurer.post(at, {**sent, "tva": ""}).status_code == 302
    assert WriteOff.objects.count() == 2
