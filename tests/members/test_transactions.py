"""A use case owns its transaction, and a deadlock is tried once more."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from members.models import User
from members.transactions import DEADLOCK, own_transaction
from tests.factories.members import make_user


class Ended(Exception):
    """What the driver raises, with PostgreSQL's code."""

    def __init__(self, pgcode: str) -> None:
        super().__init__(pgcode)
        self.pgcode = pgcode


def failing(times: int, pgcode: str) -> tuple[Callable[[], str], list[User]]:
    """A use case that writes, and whose transaction is ended so many times."""
    made: list[User] = []

    @own_transaction
    def write() -> str:
        made.append(make_user(role=None, password=""))
        if len(made) <= times:
            raise OperationalError from Ended(pgcode)
        return "done"

    return write, made


@pytest.mark.django_db
def test_a_deadlock_is_tried_once_more_and_leaves_nothing_of_the_first_try() -> None:
    write, made = failing(1, DEADLOCK)
    assert write() == "done"
    assert list(User.objects.filter(pk__in=[user.pk for user in made])) == [made[1]]


@pytest.mark.django_db
@pytest.mark.parametrize(("times", "pgcode", "tries"), [(2, DEADLOCK, 2), (1, "55P03", 1)])
def test_a_second_deadlock_and_any_other_failure_are_raised(times: int, pgcode: str, tries: int) -> None:
    write, made = failing(times, pgcode)
    with pytest.raises(OperationalError):
        write()
    assert len(made) == tries
    assert not User.objects.filter(pk__in=[user.pk for user in made]).exists()


@pytest.mark.django_db(transaction=True)
def test_a_use_case_never_runs_inside_another_transaction() -> None:
    write, made = failing(0, DEADLOCK)
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
    assert made == []


@pytest.mark.django_db(transaction=True)
def test_two_that_wait_for_each_other_both_end_well() -> None:
    ids = [make_user().pk for _each in range(2)]
    met, tried = Barrier(2), set[int]()

    @own_transaction
    def rename(order: list[int]) -> None:
        first, second = order
        User.objects.filter(pk=first).update(name="un")
        if first not in tried:
            tried.add(first)
            met.wait(timeout=5)
        User.objects.filter(pk=second).update(name="deux")

    def run(order: list[int]) -> str:
        try:
            rename(order)
        except DatabaseError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(run, [ids, ids[::-1]])) == ["", ""]
