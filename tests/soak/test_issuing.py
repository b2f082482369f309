"""A thousand documents by eight processes that die or roll back: no gap, no duplicate, whole chains."""

from time import monotonic

import pytest

from tests.soak.issuing import check, issue_all, make_jobs

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
JOBS, PROCESSES, SELLERS = 1_200, 8, 4


def test_a_thousand_documents_by_eight_processes_have_no_gap_and_no_duplicate() -> None:
    jobs = make_jobs(JOBS, sellers=SELLERS, seed=1)
    began = monotonic()
    fates = issue_all(jobs, processes=PROCESSES)
    took, documents = monotonic() - began, check(jobs)
    assert documents >= 1_000
    said = ", ".join(f"{number} {fate}" for fate, number in fates.most_common())
    print(  # noqa: T201 - the figures are what a soak is for
        f"\n  {documents} documents in {SELLERS * 3} series by {PROCESSES} processes, {took:.1f} s: {said}; "
        "no gap, no duplicate, every chain whole"
    )
