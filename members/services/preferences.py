"""What people choose: the e-mails they do without, and whether their presence is shown."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from members.messages import topics
from members.models import OptOut, Preferences, User
from members.transactions import own_transaction


@own_transaction
def change_preferences(
    *, user: User, wanted: Collection[str], shares_presence: bool, now: datetime
) -> Preferences:
    """Keep which of the offered topics a person wants, and whether they show that they are here."""
    for topic in topics.offered():
        _set(user.email, topic.code, wants=topic.code in wanted, now=now)
    preferences, _made = Preferences.objects.update_or_create(
        user=user, defaults={"shares_presence": shares_presence}
    )
    return preferences


@own_transaction
def set_topic(*, email: str, topic: str, wants: bool, now: datetime) -> None:
    """Do without the e-mails of one topic at an address, or take them again; twice is once."""
    _set(email, topic, wants=wants, now=now)


def _set(email: str, topic: str, *, wants: bool, now: datetime) -> None:
    """Step: write down one switch."""
    if wants:
        OptOut.objects.filter(email=email.lower(), topic=topic).delete()
    else:
        OptOut.objects.get_or_create(email=email.lower(), topic=topic, defaults={"since": now})


def follow_changed_address(*, from_email_address: Any, to_email_address: Any, **_signal: Any) -> None:
    """Receive allauth's `email_changed`: what someone does without, they do without at their new address."""
    if from_email_address is None:
        return
    for refused in OptOut.objects.filter(email=from_email_address.email.lower()):
        _set(to_email_address.email, refused.topic, wants=False, now=refused.since)
