"""What this room forgets with time."""

from datetime import datetime

from django.db.models import Q, QuerySet

from members import retention
from members.models import Invitation, Message, StaffListRead, StaffRead
from members.own_data import SIGN_IN


def old_messages(before: datetime) -> "QuerySet[Message]":
    """Messages that went out, or never will, and still say to whom."""
    rows = Message.objects.exclude(state=Message.OWED).filter(created_at__lt=before)
    return rows.exclude(Q(to="") & Q(subject="") & Q(last_error=""))


def old_sign_ins(before: datetime) -> "QuerySet[Message]":
    """Codes and notices of signing in: who, when, from where."""
    rows = Message.objects.exclude(state=Message.OWED)
    return rows.filter(created_at__lt=before, template__startswith=SIGN_IN)


def old_reads(before: datetime) -> "QuerySet[StaffRead]":
    """What the staff read long ago."""
    return StaffRead.objects.filter(at__lt=before)


def old_list_reads(before: datetime) -> "QuerySet[StaffListRead]":
    """Which lists the staff read long ago."""
    return StaffListRead.objects.filter(at__lt=before)


def old_invitations(before: datetime) -> "QuerySet[Invitation]":
    """Invitations that nobody took up in time, or that were taken back."""
    return Invitation.objects.filter(accepted_at=None, expires_at__lt=before)


def register() -> None:
    """Declare the rules of this room."""
    retention.register("messages", retention.wipes(old_messages, to="", subject="", last_error=""))
    retention.register("sign_in_letters", retention.deletes(old_sign_ins))
    retention.register("invitations", retention.deletes(old_invitations))
    retention.register(
        "staff_reads", retention.each_of(retention.deletes(old_reads), retention.deletes(old_list_reads))
    )
