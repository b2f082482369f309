"""What is owed, by due date and customer: the rows of « À encaisser » and their totals."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from billing.models import Customer, Document, DunningLetter, DunningPause

AGES: tuple[tuple[str, int | None], ...] = (("30", 30), ("60", 60), ("90", 90), ("plus", None))
"""Ages of what is late: up to so many days."""
TO_COME = "a-venir"


def owed_documents(today: dt.date) -> QuerySet[Document]:
    """Documents on which something is owed, the longest due first.

    Adds `due` (a document without a date is due when issued), `age` (a key of `AGES`, or `TO_COME`),
    `letters_sent`, `last_letter` (a date) and `paused`.
    """
    letters = DunningLetter.objects.filter(document=OuterRef("pk")).order_by("-position")
    pauses = DunningPause.objects.standing(today).filter(
        Q(document=OuterRef("pk")) | Q(customer=OuterRef("customer"))
    )
    rows = Document.objects.unpaid().annotate(due=Coalesce("due_on", "issued_on", output_field=DateField()))
    return (
        rows.annotate(
            age=_age(today),
            letters_sent=Coalesce(Subquery(letters.values("position")[:1]), 0),
            last_letter=Subquery(letters.values("on")[:1]),
            paused=Exists(pauses),
        )
        .select_related("customer", "seller", "order")
        .order_by("due", "pk")
    )


def _age(today: dt.date) -> Case:
    late = [When(due__gte=today - dt.timedelta(days=days), then=Value(name)) for name, days in AGES if days]
    return Case(
        When(due__gte=today, then=Value(TO_COME)),
        *late,
        default=Value(AGES[-1][0]),
        output_field=CharField(),
    )


@dataclass(frozen=True, slots=True)
class Bracket:
    """How much is owed at one age, in euros, on how many documents, the oldest due when."""

    age: str
    number: int
    total: Decimal
    oldest: dt.date | None


def brackets(documents: QuerySet[Document]) -> list[Bracket]:
    """Add up what is owed by age, from what is to come to the oldest; empty ages stand with zero."""
    by_age = documents.order_by().values("age")  # type: ignore[misc]  # annotated by `owed_documents`
    sums = by_age.annotate(number=Count("pk"), total=Sum("owed"), oldest=Min("due"))
    found = {row["age"]: row for row in sums}
    ages = (TO_COME, *(name for name, _days in AGES))
    return [
        Bracket(age, found[age]["number"], found[age]["total"], found[age]["oldest"])
        if age in found
        else Bracket(age, 0, Decimal("0.00"), None)
        for age in ages
    ]


def debtors(documents: QuerySet[Document]) -> QuerySet[Customer]:
    """Customers who owe something, by name."""
    return Customer.objects.filter(pk__in=documents.order_by().values("customer")).order_by("name", "email")


def days_late(document: Document, today: dt.date) -> int:
    """How many days a document is late; zero before."""
    due = document.due_on or document.issued_on
    return max((today - due).days, 0)


def of_customer(customer: Customer) -> QuerySet[Document]:
    """What one customer owes, the longest due first."""
    rows = Document.objects.unpaid().filter(customer=customer).select_related("seller", "order", "customer")
    return rows.order_by(F("due_on").asc(nulls_first=True), "pk")
