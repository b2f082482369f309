"""Taking a table over: read and judged, confirmed by somebody, then written batch by batch."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from types import ModuleType

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import override

from bookings.models import Site
from cantine.importing import bookings, budget, ecosystem, memberships, people
from cantine.importing.models import Import
from cantine.importing.reading import decoded, rows
from cantine.importing.verdicts import ADD, CHANGE, SAME, WRONG, Context, Verdict
from members.errors import WrongState
from members.models import User
from members.nudging import nudge
from members.transactions import refuse_transaction

log = logging.getLogger(__name__)

TASK = "cantine.tasks.run_imports"
KINDS: dict[str, ModuleType] = {
    Import.Kind.PEOPLE: people,
    Import.Kind.MEMBERSHIPS: memberships,
    Import.Kind.BOOKINGS: bookings,
    Import.Kind.BUDGET: budget,
    Import.Kind.ECOSYSTEM: ecosystem,
}
AT_ONCE = 200
"""Up to how many rows who confirms waits for the end; more go to the worker."""
SHOWN = 500
"""Problems that are kept; the others are counted."""
LEASE = timedelta(minutes=2)
"""How long a worker keeps an import to itself; one that was killed leaves it to the next after that."""
UNCONFIRMED = timedelta(days=7)
COUNTED = {ADD: "added", CHANGE: "changed", SAME: "same", WRONG: "wrong"}


def read_table(
    *, kind: str, site: Site | None, content: bytes, file_name: str, by: User, now: datetime
) -> Import:
    """Read and judge a table: nothing is written of what it holds. Raises `Unreadable`."""
    text = decoded(content)
    module = KINDS[kind]
    verdicts = module.judge(rows(text, module.COLUMNS), Context(site, by, now))
    job = Import(
        kind=kind,
        site=site if kind != Import.Kind.PEOPLE else None,
        file_name=file_name[:120],
        text=text,
        asked_by=by,
        created_at=now,
        total=len(verdicts),
        problems=problems_of(verdicts, module)[:SHOWN],
        **counted(verdicts),
    )
    job.save()
    return job


@transaction.atomic(durable=True)
def confirm(*, job: Import, by: User, now: datetime) -> Import:
    """Let it be written; counts begin anew, for they say what was done from now on."""
    confirmed = Import.objects.filter(pk=job.pk, state=Import.State.READ).update(
        state=Import.State.RUNNING, asked_by=by, added=0, changed=0, same=0, wrong=0, problems=[]
    )
    if not confirmed:
        raise WrongState
    transaction.on_commit(partial(nudge, TASK), robust=True)
    job.refresh_from_db()
    return job


@transaction.atomic(durable=True)
def drop(*, job: Import, now: datetime) -> None:
    """Give it up: its text goes."""
    dropped = Import.objects.filter(pk=job.pk, state=Import.State.READ).update(
        state=Import.State.DROPPED, text="", problems=[], finished_at=now
    )
    if not dropped:
        raise WrongState


def forget_unconfirmed(now: datetime) -> int:
    """Drop tables that nobody confirmed in a week; how many."""
    old = Import.objects.filter(state=Import.State.READ, created_at__lte=now - UNCONFIRMED)
    return old.update(state=Import.State.DROPPED, text="", problems=[], finished_at=now)


def run_due(now: datetime) -> int:
    """Process: carry on with every import that nobody else has in hand; how many were seen through."""
    return sum(run(job.pk, now=now) for job in Import.objects.unfinished().only("pk"))


def run(pk: int, *, now: datetime) -> bool:
    """Process: write what is left of an import; False when somebody else has it.

    Each batch is written with its position in one transaction, so that a kill repeats nothing; a booking has
    its own transaction, and one made just before a kill is found there again.
    """
    refuse_transaction()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    mine = Import.objects.filter(pk=pk, state=Import.State.RUNNING)
    if not mine.filter(free).update(leased_until=timezone.now() + LEASE):
        return False
    job = Import.objects.select_related("site__seller", "asked_by").get(pk=pk)
    module, context = KINDS[job.kind], Context(job.site, job.asked_by, now)
    with override(job.asked_by.language):
        verdicts = module.judge(rows(job.text, module.COLUMNS), context)
        for start in range(job.position, job.total, module.BATCH):
            if not _batch(job, verdicts[start : start + module.BATCH], context, start=start):
                return False
    return bool(
        mine.filter(position__gte=F("total")).update(
            state=Import.State.DONE, text="", finished_at=now, leased_until=None
        )
    )


def _batch(job: Import, verdicts: Sequence[Verdict], context: Context, *, start: int) -> bool:
    """Write one batch and move on; False when another worker is further."""
    module = KINDS[job.kind]
    good = [verdict for verdict in verdicts if not verdict.is_wrong]
    if job.kind == Import.Kind.BOOKINGS:
        module.write(good, context)
        with transaction.atomic():
            return _move_on(job, verdicts, module, start=start)
    with transaction.atomic():
        module.write(good, context)
        moved = _move_on(job, verdicts, module, start=start)
        if not moved:
            transaction.set_rollback(True)
        return moved


def _move_on(job: Import, verdicts: Sequence[Verdict], module: ModuleType, *, start: int) -> bool:
    """Step: count what was done, at the position it began at and at no other."""
    told = {name: F(name) + number for name, number in counted(verdicts).items()}
    found = problems_of(verdicts, module)
    job.problems = [*job.problems, *found][:SHOWN]
    here = Import.objects.filter(pk=job.pk, position=start, state=Import.State.RUNNING)
    moved = here.update(
        position=start + len(verdicts),
        problems=job.problems,
        leased_until=timezone.now() + LEASE,
        **told,
    )
    return bool(moved)


def counted(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many rows of each sort, by field."""
    numbers = Counter(verdict.action for verdict in verdicts)
    return {field: numbers[action] for action, field in COUNTED.items()}


def problems_of(verdicts: Sequence[Verdict], module: ModuleType) -> list[list[object]]:
    """[line, heading, text] of everything that is wrong."""
    headings = {column.name: column.heading for column in module.COLUMNS}
    return [
        [verdict.row.line, headings[column], text]
        for verdict in verdicts
        for column, text in verdict.problems
    ]
