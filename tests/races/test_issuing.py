"""Processes issue documents at once, some die in the middle: no gap, no duplicate (at length: a soak)."""

import pytest

from tests.soak.issuing import Fate, check, issue_all, make_jobs, wanted

pytestmark = pytest.mark.django_db(transaction=True)


def test_processes_that_die_or_roll_back_while_they_issue_leave_no_gap() -> None:
    jobs = make_jobs(24, sellers=2, seed=12)
    fates = issue_all(jobs, processes=3)
    assert set(fates) == {fate.value for fate in Fate}
    assert check(jobs) == sum(wanted(jobs).values())
