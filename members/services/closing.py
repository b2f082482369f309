"""The end of an account: closed at once, erased after a waiting time in which it may be taken back."""

import logging
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from members import personal_data
from members.errors import WrongState
from members.errors_privacy import NotYourName, SettleFirst, TooLate
from members.messages import owing
from members.models import Closing, Membership, Message, User
from members.periods import PERIODS
from members.personal_data import Handler
from members.transactions import own_transaction

log = logging.getLogger(__name__)

WAIT = PERIODS["closing"]
UNUSED, WARNED = PERIODS["unused_accounts"], PERIODS["unused_warning"]


@own_transaction
def close_account(*, user: User, typed: str, now: datetime) -> Closing:
    """Close the account of `user`: every session ends at once; after the waiting time it is erased.

    Raises `NotYourName` when `typed` is not their name, `SettleFirst` while something is to be settled;
    nothing is written then. The password goes at once, so that no session comes back to life later.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not user.is_active:
        raise WrongState
    if " ".join(typed.split()).casefold() != name_to_type(user).casefold():
        raise NotYourName
    if any(matter.blocks for matter in personal_data.matters(user, now=now)):
        raise SettleFirst
    Closing.objects.standing().filter(user=user).update(taken_back_at=now)  # of an account long unused
    closing = Closing.objects.create(user=user, asked_at=now, due_at=now + WAIT)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    owing.owe(_letter(closing, "privacy/closing"))
    return closing


def name_to_type(user: User) -> str:
    """What someone types to close their account: their name, or their address where they gave no name."""
    return " ".join(str(user).split())


@own_transaction
def take_back(*, key: str, now: datetime) -> Closing:
    """Open an account again by the link of its closing; `TooLate` once it was erased, or is about to be."""
    rows = Closing.objects.to_take_back(now).select_related("user")
    closing = rows.filter(key=key).select_for_update(no_key=True, of=("self",)).first()
    if closing is None:
        raise TooLate
    closing.taken_back_at = now
    closing.save(update_fields=["taken_back_at"])
    closing.user.is_active = True
    closing.user.save(update_fields=["is_active"])
    return closing


@own_transaction
def warn_unused(*, now: datetime, limit: int = 100) -> int:
    """Tell people who have not signed in for years when their account will be erased; says how many."""
    long_ago = now - (UNUSED - WARNED)
    unused = Q(last_login__lt=long_ago) | Q(last_login=None, date_joined__lt=long_ago)
    members = Membership.objects.on(timezone.localdate(now)).filter(user__isnull=False).values("user")
    rows = User.objects.filter(unused, is_active=True, is_staff=False)
    rows = rows.exclude(pk__in=members).exclude(closings__in=Closing.objects.standing())
    found = list(rows.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:limit])
    closings = [
        Closing(user=user, why=Closing.Why.UNUSED, asked_at=now, due_at=now + WARNED) for user in found
    ]
    owing.owe(*(_letter(closing, "privacy/unused") for closing in Closing.objects.bulk_create(closings)))
    return len(closings)


def erase_due(now: datetime) -> int:
    """Process: erase the accounts whose waiting time is over, a room at a time; says how many.

    Each room commits by itself: killed anywhere, all begins anew at the next look, and nothing is done twice.
    """
    return sum(_try_to_erase(closing, now) for closing in Closing.objects.due(now).select_related("user"))


def _try_to_erase(closing: Closing, now: datetime) -> bool:
    try:
        if _was_used(closing=closing, now=now):
            return False
        if any(matter.blocks for matter in personal_data.matters(closing.user, now=now)):
            log.warning("Account %s has something to settle before it is erased", closing.user_id)
            return False
        *rooms, last = personal_data.handlers()
        done = all(_erase_in(closing, room, now=now) for room in rooms)
        return done and _erase_in(closing, last, now=now, is_last=True)
    except Exception:  # one that fails must not keep the others from being erased
        log.exception("Account %s could not be erased", closing.user_id)
        return False


@own_transaction
def _was_used(*, closing: Closing, now: datetime) -> bool:
    """Let an account live whose owner signed in after the warning."""
    seen = closing.user.last_login
    if closing.why != Closing.Why.UNUSED or seen is None or seen <= closing.asked_at:
        return False
    return bool(Closing.objects.standing().filter(pk=closing.pk).update(taken_back_at=now))


@own_transaction
def _erase_in(closing: Closing, handler: Handler, *, now: datetime, is_last: bool = False) -> bool:
    """Erase in one room; in the last, which is this one, the account goes and the closing is done."""
    rows = Closing.objects.due(now).filter(pk=closing.pk).select_for_update(no_key=True, skip_locked=True)
    if rows.first() is None:  # another worker has it, or it is done
        return False
    person = User.objects.select_for_update(no_key=True).get(pk=closing.user_id)
    if person.is_active:  # an unused one: from here on nobody comes in
        if person.last_login and person.last_login > closing.asked_at:  # just now: the next look sees it
            return False
        person.is_active = False
        person.save(update_fields=["is_active"])
    handler.erase(person, now=now)
    if is_last:
        Closing.objects.filter(pk=closing.pk).update(erased_at=now)
    return True


def _letter(closing: Closing, template: str) -> Message:
    return owing.letter(
        to=closing.user.email,
        template=template,
        key=f"{template}:{closing.pk}",
        language=closing.user.language,
        closing=closing.pk,
    )
