"""P14: a table of five thousand people with fifty mistakes, against plain inserts of the same rows."""

import time

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from bench.results import Result, Rounds, at_least
from cantine.importing.models import Import
from cantine.importing.services import confirm, read_table, run
from members.models import User

ROWS, WRONG, ROUNDS, BATCH = 5_000, 50, 3, 500


def table(*, rows: int = ROWS, wrong: int = WRONG, tag: str = "") -> str:
    """People as another tool exports them; every so often one without a good address."""
    every = rows // wrong
    lines = ["Adresse électronique;Prénom et nom;Langue"]
    for number in range(rows):
        address = "sans-adresse" if number % every == every - 1 else f"reprise{tag}-{number}@cantine.example"
        lines.append(f"{address};Personne Inventée {number};français")
    return "\n".join(lines) + "\n"


def taken_over(text: str, *, by: User) -> Import:
    """The whole way: read, judged, confirmed, written."""
    now = timezone.now()
    job = read_table(
        kind=Import.Kind.PEOPLE,
        site=None,
        content=text.encode("cp1252"),
        file_name="banc.csv",
        by=by,
        now=now,
    )
    run(confirm(job=job, by=by, now=now).pk, now=now)
    job.refresh_from_db()
    return job


def inserted(*, rows: int, tag: str) -> None:
    """The same people, their addresses and their role, by plain inserts in batches."""
    group, unusable = Group.objects.get(name="coworker"), make_password(None)
    roles = User.groups.through
    for start in range(0, rows, BATCH):
        with transaction.atomic():
            people = User.objects.bulk_create(
                User(email=f"nu{tag}-{number}@cantine.example", name=f"Personne {number}", password=unusable)
                for number in range(start, min(start + BATCH, rows))
            )
            EmailAddress.objects.bulk_create(
                EmailAddress(user=user, email=user.email, primary=True) for user in people
            )
            roles._default_manager.bulk_create(roles(user_id=user.pk, group_id=group.pk) for user in people)


def taking_over_against_inserts() -> Result:
    """P14: from the file to the last row, over the inserts alone; again the same file writes nothing."""
    by = User.objects.order_by("pk")[0]
    rounds, said = Rounds(), ""
    for turn in range(ROUNDS):
        began = time.perf_counter()
        inserted(rows=ROWS - WRONG, tag=str(turn))
        bare = time.perf_counter() - began
        text = table(tag=str(turn))
        began = time.perf_counter()
        job = taken_over(text, by=by)
        ours = time.perf_counter() - began
        again = taken_over(text, by=by)
        if (job.added, job.wrong, again.added, again.same) != (ROWS - WRONG, WRONG, 0, ROWS - WRONG):
            raise RuntimeError(
                f"{job.added} added and {job.wrong} wrong, then {again.added} and {again.same}"
            )
        rounds.values.append(bare / ours)
        said = f"{ROWS} rows, {WRONG} wrong, in {ours:.1f} s; inserts alone {bare:.1f} s"
    return at_least("P14", "a table taken over against plain inserts", rounds, 0.4, said)
