"""The demonstration's rentals: what the manager reads of them agrees with the documents to the cent."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.collecting.owed import brackets, owed_documents
from billing.models import Document, DunningLetter, Quote
from billing.payments.keeping import credits_left
from billing.till.closing import close_due
from bookings.models import RentalCancellation, RentalRequest
from bookings.services.rentals.pipeline import staged, totals
from cantine.audit.report import findings
from cantine.demo import build, places
from cantine.demo.projects import WANTED
from cantine.gestion.pipeline import owed_by
from members.legal_pages import seed
from members.models import Page
from tests.cantine.demo import agreeing
from tests.factories.billing import make_mentions
from tests.factories.demo import SINCE, make_projects
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
D = Decimal
FILES = {"7 every document has its file", "7 every quote has its file"}
LEAP = datetime(2028, 2, 28, 23, 20, tzinfo=UTC)
"""Twenty past midnight on 29 February, in Rouen."""


def agree_with_the_documents(now: datetime) -> None:
    """Stages, debts and credits are what the raw rows come to."""
    said = {str(each.stage): each for each in totals(staged(now)) if each.number}
    raw = agreeing.sums(now)
    assert said.keys() == raw.keys()
    for stage, row in raw.items():
        total = said[stage]
        assert (total.number, total.excl, total.incl, total.unpriced, total.oldest) == (
            row.number, row.excl, row.incl, row.unpriced, row.oldest,
        ), stage  # fmt: skip
    money = agreeing.money()
    assert owed_by(list(RentalRequest.objects.all())) == {
        pk: each.owed for pk, each in money.items() if each.owed
    }
    for pk, each in money.items():
        sold = each.invoiced - each.advanced - each.credited
        assert sold == each.received - each.given_back + each.owed - each.credit, pk
    credited = sum((each.credit for each in money.values()), D(0))
    kept = sum((each.credit for each in credits_left().filter(order__customer__kind="contact")), D(0))
    assert credited == kept > 0
    debts_agree(timezone.localdate(now))


def debts_agree(today: date) -> None:
    """« À encaisser » adds up what each document still lacks, by how late it is."""
    debts = agreeing.debts(today)
    said = {each.age: each.total for each in brackets(owed_documents(today)) if each.number}
    assert said == debts


def whole(now: datetime) -> list[str]:
    """What the audit finds, but files that a worker makes, once the days that are over are closed."""
    close_due(now)
    found = [each for each in findings(now) if each.details and each.name not in FILES]
    return [f"{each.name}: {each.details}" for each in found]


def test_one_project_a_way_agrees_with_its_documents_on_a_29_february(client: Client) -> None:
    make_mentions()
    seed(Page, SINCE)
    manager = make_user(role="manager")
    with time_machine.travel(LEAP, tick=False):
        make_projects([places.build(since=SINCE)[0]], by=manager, now=LEAP)
        agree_with_the_documents(LEAP)
        assert whole(LEAP) == []
        every_stage_is_there()
        client.force_login(manager)
        looks_the_same_however_many(client)


def every_stage_is_there() -> None:
    assert set(RentalRequest.objects.values_list("state", flat=True)) == set(RentalRequest.State)
    assert set(Quote.objects.values_list("state", flat=True)) == set(Quote.State) - {Quote.State.WITHDRAWN}
    kinds = set(Document.objects.values_list("kind", flat=True))
    assert {"advance", "final", "credit_note"} <= kinds
    assert RentalRequest.objects.filter(quotes__shares_date=True).exists()


def looks_the_same_however_many(client: Client) -> None:
    """The list, its search and a closed stage ask the database as often for many rows as for one."""
    page = reverse("admin:rentals")
    client.get(page)
    counts = set()
    for query in ({}, {"q": "Maud"}, {"etape": "terminee"}, {"etape": "perdue"}):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page, query).context["rows"]
        counts.add(len(asked))
    assert max(counts) <= 24, counts


@pytest.mark.soak
@pytest.mark.parametrize(
    "now",
    [datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 15, tzinfo=UTC), LEAP],
    ids=lambda now: f"{now:%Y-%m-%d}",
)
def test_the_whole_year_agrees_with_its_documents_and_the_audit_finds_nothing(now: datetime) -> None:
    seed(Page, SINCE)
    with time_machine.travel(now, tick=False):
        build.build(password="essai", now=now, tell=lambda _text: None)
        assert RentalRequest.objects.count() == len(WANTED) == 72
        agree_with_the_documents(now)
        assert whole(now) == []
        every_stage_is_there()
        assert set(DunningLetter.objects.values_list("position", flat=True)) == {1, 2, 3}
        kept = Counter(RentalCancellation.objects.values_list("percent", flat=True))
        assert set(kept) == {0, 30, 50, 100}
        in_order()


def in_order() -> None:
    """In every series the days never go back."""
    last: dict[int, date] = {}
    for document in Document.objects.order_by("series", "sequence"):
        assert last.get(document.series_id, date.min) <= document.issued_on
        last[document.series_id] = document.issued_on
