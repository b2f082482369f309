"""Processes that issue documents in several series at once; some die in the middle, some roll back.

Each process is a fork with a connection of its own. A job says beforehand how it ends, so that what must be
there afterwards is known to the document.
"""

import datetime as dt
import multiprocessing
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from multiprocessing.context import ForkProcess

from django.db import OperationalError, connection, connections, transaction
from django.db.models import Count, Max

from billing import fulfilment
from billing.models import Customer, Document, DocumentSeries, Order, OrderLine, Product
from billing.orders.services import place_order
from billing.settlement.services import accept, reverse_line
from cantine.audit.report import CHECKS
from tests.factories.billing import TRIAL, make_customer, make_product, make_seller, new_line

ADVANCE = "essai_acompte"
fulfilment.register(ADVANCE, TRIAL, advance=True)
NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
FORKS = multiprocessing.get_context("fork")


class Fate(Enum):
    """How the transaction that issues ends."""

    KEPT = "kept"
    ROLLED_BACK = "rolled back"
    KILLED = "killed with -9"
    CUT_OFF = "connection ended by the server"


FATES = [Fate.KEPT] * 7 + [Fate.ROLLED_BACK, Fate.KILLED, Fate.CUT_OFF]


@dataclass(frozen=True)
class Job:
    """One document to issue: an invoice, an advance invoice, or the credit note of an invoice that stands."""

    product: Product
    kind: str
    fate: Fate


class Undone(Exception):
    """What rolls a transaction back."""


def make_jobs(number: int, *, sellers: int, seed: int) -> list[Job]:
    """Jobs of every kind and fate, in the order that the seed gives."""
    chance = random.Random(seed)
    products = [make_product(make_seller()) for _each in range(sellers)]
    kinds = ["invoice", "advance", "credit_note"]
    return [
        Job(
            products[index % sellers],
            kinds[index % 3],
            chance.choice(FATES) if index > sellers else Fate.KEPT,
        )
        for index in range(number)
    ]


def issue_all(jobs: Sequence[Job], *, processes: int) -> Counter[str]:
    """Share the jobs among processes; one that dies is followed by another, which goes on after it."""
    payers = [make_customer(terms_days=30) for _each in range(processes)]
    shares = [Share(jobs[number::processes], payer) for number, payer in enumerate(payers)]
    connections.close_all()  # a connection is nobody's to share
    for share in shares:
        share.start()
    for share in shares:
        share.see_through()
    return Counter(job.fate.value for job in jobs)


class Share:
    """What one process after the other does of the jobs; `at` is the job that comes next."""

    def __init__(self, jobs: Sequence[Job], payer: Customer) -> None:
        self.jobs, self.payer = jobs, payer
        self.at = FORKS.Value("i", 0)
        self.process: ForkProcess | None = None

    def start(self) -> None:
        """Fork a process that does the rest."""
        self.process = FORKS.Process(target=self.run)
        self.process.start()

    def see_through(self) -> None:
        """Wait for the end; after a death that was wanted, go on."""
        while True:
            assert self.process is not None
            self.process.join(120)
            assert self.process.exitcode in {0, -signal.SIGKILL}, self.process.exitcode
            if self.process.exitcode == 0:
                return
            self.start()

    def run(self) -> None:
        """Do what is left; in the process.

        Where a browser was started its event loop hides an older connection of this thread from `close_all`;
        the fork, in which no loop runs, would find that one and share it.
        """
        for inherited in connections.all(initialized_only=True):
            inherited.connection = None
        while self.at.value < len(self.jobs):
            job = self.jobs[self.at.value]
            self.at.value += 1
            try:
                issue(job, self.payer)
            except Undone:
                continue
            except OperationalError:
                assert job.fate == Fate.CUT_OFF
                connection.close()
        connection.close()


def issue(job: Job, payer: Customer) -> None:
    """Issue one document in a transaction that ends as the job says, its number already taken."""
    made: Callable[[], object] = partial(invoice, job, payer)
    if job.kind == "credit_note":
        with transaction.atomic():
            made = partial(credit, invoice(job, payer).lines.get())
    with transaction.atomic():
        made()
        if job.fate == Fate.ROLLED_BACK:
            raise Undone
        if job.fate == Fate.KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        if job.fate == Fate.CUT_OFF:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def invoice(job: Job, payer: Customer) -> Order:
    """Step: order one thing on terms, which issues its invoice, or advance invoice."""
    kind = {"kind": ADVANCE} if job.kind == "advance" else {}
    order = place_order(
        customer=payer,
        seller=job.product.seller,
        site_code="essai",
        lines=[new_line(job.product, **kind)],
        by=payer.user,
        expires_at=None,
        now=NOW,
    )
    accept(order, means=Order.Means.TERMS, now=NOW)
    return order


def credit(line: OrderLine) -> None:
    """Step: take it back in full."""
    reverse_line(line=line, kept=line.amount_incl * 0, by=None, now=NOW)


def wanted(jobs: Sequence[Job]) -> Counter[tuple[int, str]]:
    """How many documents there must be in each series: of each seller and kind."""
    found: Counter[tuple[int, str]] = Counter()
    for job in jobs:
        if job.kind == "credit_note":
            found[job.product.seller_id, "invoice"] += 1
        if job.fate == Fate.KEPT:
            found[job.product.seller_id, job.kind] += 1
    return found


def check(jobs: Sequence[Job]) -> int:
    """No gap, no duplicate, each series as long as was kept, every chain whole; gives how many there are."""
    rows = DocumentSeries.objects.annotate(
        number=Count("documents"),
        numbers=Count("documents__number", distinct=True),
        top=Max("documents__sequence"),
    )
    lengths = Counter({(row.seller_id, row.kind): row.number for row in rows})
    assert lengths == wanted(jobs)
    for row in rows:
        assert row.number == row.numbers == (row.top or 0) == row.last_sequence, row
    found = {name: list(look(NOW)) for name, look in CHECKS if name[0] in "2345"}
    assert {name: said for name, said in found.items() if said} == {}
    return Document.objects.count()
