"""Budget lines taken over from a table; commitments kept; reminders owed once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cantine.importing.services import confirm, read_table, run
from cantine.models import Agreement, BudgetLine, Commitment, Import, Indicator, Meeting
from cantine.pilotage.due import step_at
from cantine.pilotage.services.commitments import keep_commitment, reopen_commitment
from cantine.pilotage.services.reminding import TEMPLATE, remind_due
from cantine.roles import give_role
from members.errors import NotAllowed
from members.messages import kinds
from members.models import Message, User
from tests.factories.bookings import NOW, make_site
from tests.factories.members import make_superuser, make_user

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
TABLE = """mois;nature;libellé;montant;financeur;site
11/2026;coût;Loyer;1 500,50 €;Pépinière Essai;Falaise
2026-12;Subvention;Aide;4000;Fonds Essai;falaise-code
12/2026;don;Loyer;;;nulle part
11/2026;coût;Loyer;9;Pépinière Essai;Falaise
"""


def take_over(text: str, by: User) -> Import:
    job = read_table(kind="budget", site=None, content=text.encode(), file_name="b.csv", by=by, now=NOW)
    if job.added or job.changed:
        confirm(job=job, by=by, now=NOW)
        run(job.pk, now=NOW)
    job.refresh_from_db()
    return job


def test_a_table_of_budget_lines_says_what_is_wrong_and_twice_changes_nothing() -> None:
    make_site(name="Falaise", code="falaise-code")
    boss = make_superuser()
    read = read_table(kind="budget", site=None, content=TABLE.encode(), file_name="b.csv", by=boss, now=NOW)
    assert (read.added, read.wrong) == (2, 2)
    assert {(line, column) for line, column, _text in read.problems} == {
        (4, "nature"),
        (4, "montant"),
        (4, "site ou vendeur"),
        (5, "libellé"),
    }
    assert not BudgetLine.objects.exists()
    assert take_over(TABLE, boss).added == 2
    rows = list(BudgetLine.objects.order_by("month").values_list("kind", "month", "amount", "site__name"))
    assert rows == [
        ("cost", date(2026, 11, 1), Decimal("1500.50"), "Falaise"),
        ("grant", date(2026, 12, 1), Decimal("4000.00"), "Falaise"),
    ]
    again = take_over(TABLE, boss)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert take_over(TABLE.replace("4000", "4100"), boss).changed == 1
    assert BudgetLine.objects.count() == 2


def test_a_line_is_of_a_month_and_of_a_site_or_a_seller() -> None:
    site = make_site()
    good = {"site": site, "label": "Loyer", "month": date(2026, 11, 1), "amount": 1}
    for wrong in ({"seller": site.seller}, {"site": None}, {"month": date(2026, 11, 2)}, {"amount": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BudgetLine.objects.create(**{**good, **wrong})
    BudgetLine.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.create(**good)


def test_a_commitment_is_kept_once_by_who_manages_its_site() -> None:
    site, other = make_site(), make_site()
    hers = make_user(role=None)
    give_role(user=hers, role="manager", by=None, sites=[site])
    mine, theirs, of_all = (
        Commitment.objects.create(site=place, to_whom="Fonds", what="Rapport", due_on=TODAY)
        for place in (site, other, None)
    )
    for one in (theirs, of_all):
        with pytest.raises(NotAllowed):
            keep_commitment(commitment=one, by=hers, now=NOW)
    assert keep_commitment(commitment=mine, by=hers, now=NOW)
    assert not keep_commitment(commitment=mine, by=make_superuser(), now=NOW + timedelta(days=1))
    mine.refresh_from_db()
    assert (mine.done_at, mine.done_by) == (NOW, hers)
    assert reopen_commitment(commitment=mine, by=hers)
    assert Commitment.objects.open().count() == 3


def test_reminders_are_owed_thirty_and_seven_days_before_once_each_to_who_reaches_it() -> None:
    site = make_site()
    boss, hers = make_user(role="manager"), make_user(role=None)
    give_role(user=hers, role="manager", by=None, sites=[site])
    make_user(role="treasurer")
    agreement = Agreement.objects.create(
        funder="Fonds", first_month=date(2026, 1, 1), last_month=date(2027, 12, 1), amount=1
    )
    due = TODAY + timedelta(days=30)
    promised = Commitment.objects.create(site=site, to_whom="Fonds", what="Rapport", due_on=due)
    Indicator.objects.create(agreement=agreement, name="Emplois", target=3, due_on=due)
    Meeting.objects.create(committee="Comité", held_on=due + timedelta(days=1))
    for _twice in range(2):
        remind_due(NOW)
    owed = Message.objects.filter(template=TEMPLATE)
    assert sorted(owed.values_list("to", flat=True)) == sorted([boss.email, boss.email, hers.email])
    remind_due(NOW + timedelta(days=10))
    assert owed.count() == 4  # the meeting, to who manages all
    remind_due(NOW + timedelta(days=25))
    assert owed.count() == 4 + 4
    letter = owed.filter(to=hers.email).first()
    assert letter is not None
    load = kinds.kind_of(TEMPLATE).load
    with time_machine.travel(NOW, tick=False):
        assert (load(letter.ids) or {})["days"] == 30
        keep_commitment(commitment=promised, by=hers, now=NOW)
        assert load(letter.ids) is None


def test_the_step_is_the_nearest_one_and_never_after_the_day() -> None:
    assert [step_at(days) for days in (31, 30, 8, 7, 0, -1)] == [None, 30, 30, 7, 7, None]
