"""What the help board shows: what was asked for, and the links that change it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from members.directory_page import LONGEST, Chip
from members.models import Notice, User
from members.models.notice import NoticeQuerySet
from members.models.searching import words_of

KINDS = {"cherche": Notice.Kind.SEEK, "propose": Notice.Kind.OFFER}
FOR_ME, MINE, SOLVED, REPORTED, HIDDEN = "pour-moi", "les-miennes", "resolues", "signalees", "masquees"
SETS = (FOR_ME, MINE, SOLVED)
MANAGERS = (REPORTED, HIDDEN)


@dataclass(frozen=True)
class Asked:
    """What the address asks for; an unknown word asks for nothing."""

    text: str = ""
    kind: str = ""
    which: str = ""

    def href(self, **changes: str) -> str:
        """The board with something else asked for."""
        query = replace(self, **changes).query
        return reverse("members:board") + (f"?{query[:-1]}" if query else "")

    @property
    def query(self) -> str:
        """What is asked for as parameters, with an & at the end; empty when nothing is."""
        pairs = {"q": self.text, "genre": self.kind, "voir": self.which}
        return "".join(f"{urlencode({name: value})}&" for name, value in pairs.items() if value)

    @property
    def others(self) -> list[tuple[str, str]]:
        """What stays asked for when other words are searched."""
        return [("genre", self.kind), ("voir", self.which)]


def read(data: QueryDict, user: User) -> Asked:
    """Read the filters of an address; the manager's are hers alone."""
    kind, which = data.get("genre", ""), data.get("voir", "")
    return Asked(
        text=" ".join(data.get("q", "").split())[:LONGEST],
        kind=kind if kind in KINDS else "",
        which=which if which in _sets(user) else "",
    )


def _sets(user: User) -> tuple[str, ...]:
    return (*SETS, *MANAGERS) if user.has_role("manager") else SETS


def chosen(asked: Asked, user: User, now: datetime) -> NoticeQuerySet:
    """The notices that were asked for: the nearest first, or the newest."""
    notices: NoticeQuerySet = Notice.objects.all()
    sets: dict[str, Callable[[], NoticeQuerySet]] = {
        "": lambda: notices.open_at(now),
        FOR_ME: lambda: notices.matching(user, now),
        MINE: lambda: notices.filter(author=user),
        SOLVED: lambda: notices.standing(now).filter(state=Notice.State.SOLVED),
        REPORTED: notices.reported,
        HIDDEN: lambda: notices.filter(hidden_at__isnull=False),
    }
    found = sets[asked.which]()
    if asked.kind:
        found = found.filter(kind=KINDS[asked.kind])
    return found.searched(words_of(asked.text), then=("-created_at", "-id"))


def chips(asked: Asked, user: User) -> list[Chip]:
    """Every filter, the one that clears them first."""
    texts = {
        FOR_ME: _("Pour moi"),
        MINE: _("Les miennes"),
        SOLVED: _("Résolues"),
        REPORTED: _("Signalées"),
        HIDDEN: _("Masquées"),
    }
    links = [Chip(_("Toutes"), asked.href(kind="", which=""), not (asked.kind or asked.which))]
    for code, text in (("cherche", _("Je cherche")), ("propose", _("Je propose"))):
        links.append(Chip(text, asked.href(kind="" if asked.kind == code else code), asked.kind == code))
    for code in _sets(user):
        is_on = asked.which == code
        links += [Chip(texts[code], asked.href(which="" if is_on else code), is_on)]
    return links
