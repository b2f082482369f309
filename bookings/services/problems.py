"""Reporting a problem, taking it in hand, solving it: each in one transaction, under the lock of its row."""

from datetime import datetime

from bookings.errors_day import SolvedAlready
from bookings.models import Problem, Site, Space
from bookings.services.telling import people_with
from members import reach
from members.errors import NotAllowed
from members.messages import owing
from members.models import User
from members.pictures import StoredPicture
from members.transactions import own_transaction

RIGHT = "bookings.handle_problem"


@own_transaction
def report_problem(
    *,
    site: Site,
    space: Space | None,
    kind: str,
    words: str,
    by: User,
    now: datetime,
    picture: StoredPicture | None = None,
) -> Problem:
    """Write down what somebody says is wrong, and tell those who see to it."""
    problem = Problem.objects.create(
        site=site,
        space=space,
        kind=Problem.Kind(kind),
        words=words,
        reported_by=by,
        reported_at=now,
        picture_large=picture.large if picture else "",
        picture_small=picture.small if picture else "",
    )
    owing.owe(
        *(
            owing.letter(
                to=each.email,
                template="problems/reported",
                key=f"problem-reported:{problem.pk}:{each.pk}",
                language=each.language,
                problem=problem.pk,
                user=each.pk,
            )
            for each in people_with(RIGHT, site)
        )
    )
    return problem


@own_transaction
def take_problem(*, problem: Problem, by: User, now: datetime) -> Problem:
    """Take a problem in hand; twice keeps the first time and who it was."""
    found = _locked(problem, by)
    if found.state == Problem.State.SOLVED:
        raise SolvedAlready
    if found.state == Problem.State.OPEN:
        found.state, found.taken_at, found.handled_by = Problem.State.IN_HAND, now, by
        found.save(update_fields=["state", "taken_at", "handled_by"])
    return found


@own_transaction
def solve_problem(*, problem: Problem, answer: str, by: User, now: datetime) -> Problem:
    """Say that a problem is solved, with a word to who reported it: they are told once."""
    found = _locked(problem, by)
    if found.state == Problem.State.SOLVED:
        raise SolvedAlready
    found.state, found.solved_at, found.handled_by, found.answer = Problem.State.SOLVED, now, by, answer
    found.save(update_fields=["state", "solved_at", "handled_by", "answer"])
    if found.reported_by is not None and found.reported_by.is_active:
        owing.owe(
            owing.letter(
                to=found.reported_by.email,
                template="problems/solved",
                key=f"problem-solved:{found.pk}",
                language=found.reported_by.language,
                problem=found.pk,
            )
        )
    return found


def _locked(problem: Problem, by: User) -> Problem:
    """Step: lock a problem for who may handle it."""
    if not (by.has_perm(RIGHT) and reach.of(by).covers(problem.site_id)):
        raise NotAllowed
    rows = Problem.objects.select_for_update(of=("self",), no_key=True).select_related("reported_by")
    return rows.get(pk=problem.pk)
