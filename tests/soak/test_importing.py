"""Five thousand people with fifty mistakes, taken over by workers that are cut off at random."""

import random
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from bench.importing import ROWS, WRONG, table
from cantine.importing import services
from cantine.importing.models import Import
from members.models import User
from tests.factories.members import make_user

pytestmark = [pytest.mark.soak, pytest.mark.django_db(transaction=True)]
SEED = 7


class CutOff(BaseException):
    """What a kill does to a worker: nothing after it runs."""


def test_every_person_is_there_once_whenever_the_worker_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    manager, chance, now = make_user(role="manager"), random.Random(SEED), timezone.now()
    job = services.read_table(
        kind="people", site=None, content=table().encode(), file_name="membres.csv", by=manager, now=now
    )
    assert (job.added, job.wrong, len(job.problems)) == (ROWS - WRONG, WRONG, WRONG)
    services.confirm(job=job, by=manager, now=now)
    move_on = services._move_on

    def cut_off_at_random(*args: object, **kwargs: int) -> bool:
        if chance.random() < 0.5:
            raise CutOff
        return move_on(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "_move_on", cut_off_at_random)
    for _turn in range(200):
        now += timedelta(hours=1)
        try:
            services.run_due(now)
        except CutOff:
            continue
        break
    job.refresh_from_db()
    assert job.state == Import.State.DONE
    assert (job.added, job.wrong, len(job.problems)) == (ROWS - WRONG, WRONG, WRONG)
    assert User.objects.filter(email__startswith="reprise").count() == ROWS - WRONG
    assert EmailAddress.objects.filter(email__startswith="reprise").count() == ROWS - WRONG
