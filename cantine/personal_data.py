"""What the manager's desk knows of a person: the history of the pages where their rows were changed."""

import json
from collections.abc import Iterator
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import Customer
from cantine.models import Commitment, FrozenReport, Import, ReportDraft, ReportLink
from members.models import Membership, User
from members.personal_data import Copy, Matter
from members.rows import told
from members.services.people import addresses_of

KNOWN = (
    LogEntry,
    Commitment,
    FrozenReport,
    Import,
    ReportDraft,
    ReportLink,  # who of the staff kept, issued, sent or made it; a table's text is erased once it is read
)


SAID: dict[str, str | Promise] = {
    "changed_by_staff": _("ce que l’équipe a changé à votre sujet"),
    "changed_at_the_desk": _("ce que vous avez changé dans la gestion"),
}


def copy(person: User) -> Copy:
    """Read what was changed about them by hand, and what they changed themselves."""
    people = User.objects.filter(pk=person.pk)
    fields = ("action_time", "content_type__model", "action_flag")
    mine = LogEntry.objects.filter(user=person)
    rows = {"changed_by_staff": told(_about(people), *fields), "changed_at_the_desk": told(mine, *fields)}
    return Copy(rows, SAID)


def matters(person: User, *, now: datetime) -> Iterator[Matter]:
    """Nothing to say."""
    return iter(())


def erase(person: User, *, now: datetime) -> None:
    """Step: the history keeps that something was changed, and no name; whatever row it was told of."""
    _about(User.objects.filter(pk=person.pk)).update(object_repr="", change_message="")
    for said in _names_of(person):
        LogEntry.objects.filter(object_repr__contains=said).update(object_repr="", change_message="")
        LogEntry.objects.filter(change_message__contains=said).update(change_message="")


def _names_of(person: User) -> set[str]:
    """What a history may call a person, as it is and as JSON writes it."""
    names = {person.name, person.email, *addresses_of(person)} - {""}
    return names | {json.dumps(name)[1:-1] for name in names}


def left(people: "QuerySet[User]") -> Iterator[str]:
    """No history names an erased account."""
    for pk in _about(people).exclude(object_repr="", change_message="").values_list("pk", flat=True):
        yield f"the history ({pk}) still names an erased account"


def _about(people: "QuerySet[User]") -> "QuerySet[LogEntry]":
    """The history of these people, and of the customers and members they are."""
    wanted = Q()
    for model, rows in (
        (User, people),
        (Customer, Customer.objects.filter(user__in=people)),
        (Membership, Membership.objects.filter(user__in=people)),
    ):
        keys = rows.annotate(key=Cast("pk", CharField())).values("key")
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return LogEntry.objects.filter(wanted)
