"""The roles: groups and their permissions, from one table, written after every migration of `cantine`.

`cantine` is the last installed app, so every permission exists when its `post_migrate` runs. One that is
named here while no model has it is listed by `missing_permissions()`, which a test keeps empty.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone

from bookings.models import Site
from bookings.services import staffing
from members import reach
from members.access import ROLES
from members.errors import NotAllowed
from members.models import User
from members.services.sessions import end_sessions

log = logging.getLogger(__name__)

COWORKER, VOLUNTEER, MANAGER, TREASURER = ROLES
STAFF_ROLES = frozenset({MANAGER, TREASURER})
"""Roles that open /gestion/."""

GIVEN_BY_MANAGERS = frozenset({COWORKER, VOLUNTEER})
"""Roles a manager may give: none opens /gestion/, and none has a right that she has not."""

FULL = ("view", "add", "change", "delete")
EDIT = ("view", "add", "change")
WRITE = ("view", "change")
READ = ("view",)

TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    COWORKER: {},
    VOLUNTEER: {"events.event": ("organise", "publish")},
    MANAGER: {
        "members.user": EDIT,
        "members.organisation": EDIT,
        "members.organisationprofile": EDIT,
        "members.organisationfact": FULL,
        "members.listingconsent": READ,
        "members.agglomeration": EDIT,
        "members.sector": EDIT,
        "members.affiliation": FULL,
        "members.membership": EDIT,
        "members.message": READ,
        "members.page": EDIT,
        "billing.seller": WRITE,
        "billing.account": FULL,
        "billing.mention": EDIT,
        "billing.customer": EDIT,
        "billing.product": EDIT,
        "billing.price": EDIT,
        "billing.order": READ,
        "billing.orderline": READ,
        "billing.payment": READ,
        "billing.refund": READ,
        "billing.anomaly": READ,
        "billing.document": READ,
        "billing.quote": ("view", "send"),
        "billing.quoteline": READ,
        "billing.documentline": READ,
        "billing.documentvat": READ,
        "billing.documentfile": READ,
        "billing.correction": READ,
        "billing.allocation": READ,
        "billing.transfer": ("view", "receive"),
        "billing.payout": ("view", "match"),
        "billing.balancemovement": READ,
        "billing.remittance": ("view", "record"),
        "billing.writeoff": READ,
        "billing.tillclosing": READ,
        "billing.tillarchive": READ,
        "billing.cashcount": READ,
        "billing.cashmovement": READ,
        "billing.dunningstep": EDIT,
        "billing.laterate": EDIT,
        "billing.dunningletter": READ,
        "billing.dunningpause": ("view", "decide"),
        "bookings.site": WRITE,
        "bookings.openinghours": FULL,
        "bookings.closure": READ,
        "bookings.floor": WRITE,
        "bookings.space": EDIT,
        "bookings.spacepart": READ,
        "bookings.equipment": FULL,
        "bookings.tariff": EDIT,
        "bookings.rentalspace": EDIT,
        "bookings.rentallayout": FULL,
        "bookings.rentalpicture": FULL,
        "bookings.rentalextra": EDIT,
        "bookings.rentaldiscount": EDIT,
        "bookings.scalestep": EDIT,
        "bookings.rentalrequest": ("view", "answer"),
        "bookings.problem": ("view", "handle"),
        "bookings.contactmessage": ("view", "answer"),
        "bookings.booking": READ,
        "bookings.occupancy": READ,
        "bookings.presence": READ,
        "events.event": ("view", "organise", "publish", "review"),
        "events.category": EDIT,
        "events.tickettype": READ,
        "events.registration": READ,
        "events.feedback": READ,
        "cantine.budgetline": FULL,
        "cantine.agreement": FULL,
        "cantine.indicator": FULL,
        "cantine.commitment": FULL,
        "cantine.meeting": FULL,
        "cantine.target": FULL,
    },
    TREASURER: {
        "members.user": READ,
        "members.organisation": READ,
        "members.organisationprofile": READ,
        "members.organisationfact": READ,
        "members.listingconsent": READ,
        "members.agglomeration": READ,
        "members.sector": READ,
        "members.affiliation": READ,
        "members.membership": READ,
        "members.message": READ,
        "members.page": READ,
        "billing.seller": READ,
        "billing.account": READ,
        "billing.mention": READ,
        "billing.customer": READ,
        "billing.product": READ,
        "billing.price": READ,
        "billing.order": READ,
        "billing.orderline": READ,
        "billing.payment": READ,
        "billing.refund": ("view", "approve"),
        "billing.anomaly": READ,
        "billing.paymentevent": READ,
        "billing.documentseries": READ,
        "billing.quote": READ,
        "billing.quoteline": READ,
        "billing.document": READ,
        "billing.documentline": READ,
        "billing.documentvat": READ,
        "billing.documentsnapshot": READ,
        "billing.documentfile": READ,
        "billing.correction": READ,
        "billing.allocation": READ,
        "billing.transfer": ("view", "receive"),
        "billing.payout": ("view", "match"),
        "billing.balancemovement": READ,
        "billing.remittance": ("view", "record"),
        "billing.writeoff": ("view", "decide"),
        "billing.tillclosing": READ,
        "billing.tillarchive": READ,
        "billing.cashcount": READ,
        "billing.cashmovement": READ,
        "billing.technicalevent": READ,
        "billing.dunningstep": READ,
        "billing.laterate": READ,
        "billing.dunningletter": READ,
        "billing.dunningpause": READ,
        "billing.stripeevent": READ,
        "bookings.site": READ,
        "bookings.openinghours": READ,
        "bookings.closure": READ,
        "bookings.floor": READ,
        "bookings.space": READ,
        "bookings.equipment": READ,
        "bookings.tariff": READ,
        "bookings.rentalspace": READ,
        "bookings.rentalextra": READ,
        "bookings.rentaldiscount": READ,
        "bookings.scalestep": READ,
        "bookings.rentalrequest": READ,
        "bookings.booking": READ,
        "bookings.presence": READ,
        "events.event": READ,
        "events.category": READ,
        "events.tickettype": READ,
        "cantine.budgetline": READ,
        "cantine.agreement": READ,
        "cantine.indicator": READ,
        "cantine.commitment": READ,
        "cantine.meeting": READ,
        "cantine.target": READ,
    },
}
"""role → "app.model" → actions. What has states or money is read, and changed through services by intent."""


def names_of(role: str) -> set[str]:
    """List the permissions of a role as "app.action_model"."""
    rights = set()
    for model, actions in TABLE[role].items():
        app, _, name = model.partition(".")
        rights |= {f"{app}.{action}_{name}" for action in actions}
    return rights


def existing() -> dict[str, Permission]:
    """Read every permission of the database by its "app.codename"."""
    rows = Permission.objects.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}


def missing_permissions() -> set[str]:
    """List what the table names and no model has."""
    there = existing()
    return {name for role in TABLE for name in names_of(role) if name not in there}


@transaction.atomic
def synchronise() -> None:
    """Write the groups of the table and exactly their permissions; safe to repeat."""
    there = existing()
    for role in TABLE:
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([there[name] for name in names_of(role) if name in there])


def synchronise_after_migrate(**_kwargs: Any) -> None:
    """Receive `post_migrate` of `cantine`."""
    synchronise()


def give_role(
    *,
    user: User,
    role: str,
    by: User | None,
    sites: Iterable[Site] | None = None,
    now: datetime | None = None,
) -> None:
    """Step: give `role` to `user`, and the way into /gestion/ where the role has one.

    `by` is who decides; None means the command line or the demonstration data. A manager gives only what
    opens no door that she could not open herself; the rest is a superuser's to give. A manager manages
    `sites`; without any said, all of them and those to come.
    """
    _may_decide(by, role)
    user.groups.add(Group.objects.get(name=role))
    taken = False
    if role == MANAGER:
        taken = staffing.manage(
            user=user, sites=None if sites is None else list(sites), by=by, now=now or timezone.now()
        )
    _follow(user)
    if taken:
        end_sessions(user)


def take_role(*, user: User, role: str, by: User | None) -> None:
    """Step: take `role` back from `user`; same rule as for giving. What it opened is shut at once."""
    _may_decide(by, role)
    user.groups.remove(Group.objects.get(name=role))
    if role == MANAGER:
        staffing.manage(user=user, sites=[], by=by, now=timezone.now())
    _follow(user)
    if role in STAFF_ROLES:
        end_sessions(user)


def _may_decide(by: User | None, role: str) -> None:
    if role not in TABLE:
        raise ValueError(f"Unknown role: {role}")
    if by is None or (by.is_superuser and by.is_active):
        return
    if role in GIVEN_BY_MANAGERS and by.has_role(MANAGER):
        return
    raise NotAllowed


def _follow(user: User) -> None:
    """Let the staff flag follow the roles."""
    user.__dict__.pop("roles", None)
    reach.forget(user)
    user.is_staff = user.is_superuser or opens_gestion(user.roles)
    user.save(update_fields=["is_staff"])


def opens_gestion(roles: Iterable[str]) -> bool:
    """Say whether one of these roles opens /gestion/."""
    return not STAFF_ROLES.isdisjoint(roles)
