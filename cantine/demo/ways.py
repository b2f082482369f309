"""The ways a project of the demonstration may go: what happens, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from billing.settlement.expiry import expire_due as expire_orders
from bookings.services.rentals.ending import expire_due as expire_quotes
from cantine.demo.project import Project
from members.models import Message

Verb = Callable[[Project, datetime], object]
HOUR = time(10)
LETTERS = "rentals/"
RECENT = timedelta(days=6)
"""Letters no older than this are in the mailbox on the first day, with the links of quotes that stand."""


@dataclass(frozen=True)
class Step:
    """What is done, how many days after the request came, or after the day itself where `of_day`."""

    verb: Verb
    days: int
    of_day: bool = False

    def on(self, project: Project, came: date) -> date:
        """Its day in the life of a project."""
        return (project.day if self.of_day else came) + timedelta(days=self.days)


def after(days: int, *verbs: Verb) -> tuple[Step, ...]:
    """So many days after the request came."""
    return tuple(Step(verb, days) for verb in verbs)


def then(days: int, verb: Verb) -> tuple[Step, ...]:
    """So many days after the day."""
    return (Step(verb, days, of_day=True),)


def end_quotes(_project: Project, now: datetime) -> None:
    """Nobody answered in time."""
    expire_quotes(now)


def end_orders(_project: Project, now: datetime) -> None:
    """The advance did not come in time."""
    expire_orders(now)


SENT = after(1, Project.draft, Project.send)
EXPIRED = (*SENT, *after(9, end_quotes))
REFUSED = (*SENT, *after(3, Project.refuse))
ACCEPTED = (*SENT, *after(2, Project.accept))
CONFIRMED = (*ACCEPTED, *after(4, Project.pay_advance))
DONE = (*CONFIRMED, *then(1, Project.balance))
WAYS: dict[str, tuple[Step, ...]] = {
    "new": (),
    "preparing": after(1, Project.draft),
    "sent": SENT,
    "second": after(2, Project.draft, Project.send_behind),
    "revised": (*SENT, *after(3, Project.revise, Project.send)),
    "expired": EXPIRED,
    "refused": REFUSED,
    "closed": after(2, Project.close),
    "withdrawn": (*SENT, *after(4, Project.withdraw)),
    "lost": (*REFUSED, *after(6, Project.close)),
    "silent": (*EXPIRED, *after(20, Project.close)),
    "accepted": ACCEPTED,
    "unpaid": (*ACCEPTED, *after(10, end_orders)),
    "given_up": (*ACCEPTED, *after(3, Project.cancel)),
    "confirmed": CONFIRMED,
    "over": CONFIRMED,
    "done": DONE,
    "paid": (*DONE, *then(8, Project.pay)),
    "part": (*DONE, *then(11, Project.pay_part)),
    "overpaid": (*DONE, *then(6, Project.pay_too_much)),
}


def way_of(project: Project) -> tuple[Step, ...]:
    """The steps of a project; what is called off is called off so many days before, and repaid after."""
    before = project.wanted.cancelled
    if not before:
        return WAYS[project.wanted.way]
    return (*CONFIRMED, *then(-before, Project.cancel), *then(5 - before, Project.repay))


def posted(verb: Verb, project: Project, *, until: datetime) -> Callable[[datetime], None]:
    """Do it, and let its letters go out at once; those owed after `until` are the worker's to send."""

    def act(now: datetime) -> None:
        verb(project, now)
        if now <= until:
            owed = Message.objects.filter(state=Message.OWED, template__startswith=LETTERS)
            owed.update(state=Message.SENT, sent_at=now)

    return act
