"""What the manager's desk knows of a person: the history of the pages where their rows were changed."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from billing.models import Customer
from cantine.models import Commitment, FrozenReport, Import, ReportDraft, ReportLink
from members.models import User
from members.personal_data import Copy, Matter
from members.rows import told

KNOWN = (
    LogEntry,
    Commitment,
    FrozenReport,
    Import,
    ReportDraft,
    ReportLink,  # who of the staff kept, issued, sent or made it; a table's text is erased once it is read
)


def copy(person: User) -> Copy:
    """Read what was changed about them by hand, and what they changed themselves."""
    people = User.objects.filter(pk=person.pk)
    fields = ("action_time", "content_type__model", "action_flag")
    mine = LogEntry.objects.filter(user=person)
    return Copy(
        {"changed_by_staff": told(_about(people), *fields), "changed_at_the_desk": told(mine, *fields)}
    )


def matters(person: User, *, now: datetime) -> Iterator[Matter]:
    """Nothing to say."""
    return iter(())


def erase(person: User, *, now: datetime) -> None:
    """Step: the history keeps that something was changed, and no name."""
    _about(User.objects.filter(pk=person.pk)).update(object_repr="", change_message="")


def left(people: "QuerySet[User]") -> Iterator[str]:
    """No history names an erased account."""
    for pk in _about(people).exclude(object_repr="").values_list("pk", flat=True):
        yield f"the history ({pk}) still names an erased account"


def _about(people: "QuerySet[User]") -> "QuerySet[LogEntry]":
    """The history of these people, and of the customers they are."""
    customers = Customer.objects.filter(user__in=people)
    wanted = Q()
    for model, rows in ((User, people), (Customer, customers)):
        keys = rows.annotate(key=Cast("pk", CharField())).values("key")
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return LogEntry.objects.filter(wanted)
