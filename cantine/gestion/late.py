"""What has waited too long for the programs behind the pages, in words; nothing while all is fine."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet, Subquery, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cantine import heartbeats
from cantine.watching import backlog
from cantine.watching.backlog import Waiting
from members.models import User

PATIENCE = timedelta(minutes=5)
"""Beat looks every minute or more often: what has been due for longer is stuck."""
UNCOUNTED = {
    "mail": gettext_lazy("Des e-mails tardent à partir"),
    "inbox": gettext_lazy("Des nouvelles de Stripe tardent à être lues"),
    "files": gettext_lazy("Des factures tardent à avoir leur PDF"),
    "refunds": gettext_lazy("Des remboursements tardent à partir"),
}
LISTS = ("mail", "inbox", "files", "refunds")


def waiting(now: datetime) -> dict[str, Waiting]:
    """The lists whose oldest has been due for longer than that; one query."""
    asked: dict[str, Subquery] = {}
    for name in LISTS:
        rows, since = backlog.LISTS[name](now)
        asked |= {name: one(rows, Count("pk")), f"{name}_first": one(rows, Min(since))}
    # A one-row table to hang them on: any would do, and somebody is signed in.
    row = User.objects.values(**asked)[:1]
    found: dict[str, Any] = dict(row[0]) if row else {}
    ages = {name: now - found[f"{name}_first"] for name in LISTS if found.get(name)}
    return {name: Waiting(found[name], age) for name, age in ages.items() if age >= PATIENCE}


def one(rows: "QuerySet[Any]", what: Any) -> Subquery:
    """One figure of all rows."""
    return Subquery(
        rows.order_by().annotate(all_rows=Value(1)).values("all_rows").annotate(n=what).values("n")
    )


def age_said(age: timedelta) -> str:
    """« 5 min », « 3 h », « 2 jours »."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:
        return _("%(number)s\u00a0min") % {"number": minutes}
    if minutes < 48 * 60:
        return _("%(number)s\u00a0h") % {"number": minutes // 60}
    return ngettext("%(number)s\u00a0jour", "%(number)s\u00a0jours", age.days) % {"number": age.days}


def sentences(now: datetime, *, counted: bool = True) -> list[tuple[str, str]]:
    """A title and a detail for each; that the programs are behind explains them and comes first.

    Numbers are of the whole house: `counted` for who manages all of it.
    """
    found = [said(name, each, counted=counted) for name, each in waiting(now).items()]
    if not found or (heartbeats.is_alive("worker") and heartbeats.is_alive("beat")):
        return found
    stopped = _("Le travail de fond ne suit plus")
    return [
        (stopped, _("Si cela dure, prévenez qui tient le serveur.")),
        *found,
    ]


def said(name: str, waits: Waiting, *, counted: bool) -> tuple[str, str]:
    """One list in words."""
    number = waits.number
    titles = {
        "mail": ngettext("%(number)s e-mail attend", "%(number)s e-mails attendent", number),
        "inbox": ngettext(
            "%(number)s nouvelle de Stripe attend", "%(number)s nouvelles de Stripe attendent", number
        ),
        "files": ngettext(
            "%(number)s facture attend son PDF", "%(number)s factures attendent leur PDF", number
        ),
        "refunds": ngettext("%(number)s remboursement attend", "%(number)s remboursements attendent", number),
    }
    details = {
        "mail": _("Ils partiront seuls dès que le serveur de courrier les prendra."),
        "inbox": _(
            "Des paiements par carte ne sont pas encore pris en compte, ils le seront sans rien faire."
        ),
        "files": _("Elles sont émises, leur fichier se fera seul."),
        "refunds": _("Ils repartiront seuls dès que Stripe répondra."),
    }
    if not counted:
        return str(UNCOUNTED[name]), details[name]
    title = _("%(what)s depuis %(age)s") % {
        "what": titles[name] % {"number": number},
        "age": age_said(waits.age),
    }
    return title, details[name]
