"""In whose name someone books: their own, or an organisation's whose money they may spend."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from billing.customers import customer_for
from billing.models import Customer
from billing.orders.agreeing import must_request_start
from bookings.services.standing import READ
from members.models import User

ME = "moi"
REMEMBERED = "client"
"""Where the session keeps the last payer."""


@dataclass(frozen=True)
class Payer:
    """One who may pay. `customer` is None for who has not bought anything yet."""

    key: str
    name: str
    customer: Customer | None = None

    @property
    def has_terms(self) -> bool:
        """Whether a tap books at once, on invoice."""
        return self.customer is not None and self.customer.has_terms

    @property
    def is_organisation(self) -> bool:
        """Whether it is not the person."""
        return self.key != ME

    def must_request_start(self, day: date, now: datetime) -> bool:
        """Whether a tap that books at once has to carry a consumer's request to begin on that day."""
        return self.has_terms and self.customer is not None and must_request_start(self.customer, day, now)

    def customer_of(self, user: User) -> Customer:
        """The customer who pays; that of the person is made, or brought up to date."""
        if self.customer is not None and (self.is_organisation or self.customer.language == user.language):
            return self.customer
        with transaction.atomic():
            return customer_for(user)


@dataclass(frozen=True)
class Payers:
    """Everyone this person may pay as, and the one chosen; `asked` is what the address says."""

    options: tuple[Payer, ...]
    chosen: Payer
    asked: str = ""
    read: tuple[tuple[Any, ...], ...] = ()
    """What was read of the customers, so that payers are equal only where all of it is."""

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.options) > 1

    @property
    def key(self) -> str:
        """What the address of the page keeps; for a visitor, what it said, until they are known."""
        return self.chosen.key if self.several else self.asked

    @property
    def query(self) -> str:
        """The same, to put after the address of another page."""
        return f"?client={self.key}" if self.key else ""

    @property
    def said(self) -> "Payers":
        """What a page says of them: the same for everyone who pays by card and for themselves alone."""
        if self.several or self.chosen.has_terms:
            return self
        nobody = Payer(ME, "")
        return Payers((nobody,), nobody, self.asked)

    def remember(self, session: SessionBase) -> None:
        """Begin with this payer next time."""
        if self.several and session.get(REMEMBERED) != self.key:
            session[REMEMBERED] = self.key


def read_payers(
    user: Any, rows: Sequence[tuple[Any, ...]], data: QueryDict, session: SessionBase, *, posted: bool
) -> Payers:
    """Say who may pay (`rows`: what `Standing.customers`), and who does; one that is not theirs is a 404.

    A form that names nobody is in the person's own name, whatever was chosen last time.
    """
    asked = data.get("client", "")
    if asked not in {"", ME} and not (asked.isascii() and asked.isdecimal() and len(asked) <= 18):
        raise Http404
    if not user.is_authenticated:
        me = Payer(ME, "")
        return Payers((me,), me, asked)
    options = options_for(user, [Customer.from_db(None, READ, row) for row in rows])
    wanted = asked or (ME if posted else str(session.get(REMEMBERED, "")))
    chosen = next((each for each in options if is_called(each, wanted)), None)
    if chosen is None and asked:
        raise Http404
    return Payers(options, chosen or options[0], read=tuple(rows))


def options_for(user: User, customers: Sequence[Customer]) -> tuple[Payer, ...]:
    """The person first, then the organisations by name."""
    own = next((each for each in customers if each.user_id == user.pk), None)
    others = (Payer(str(each.pk), str(each), each) for each in customers if each is not own)
    return (Payer(ME, user.name or _("moi"), own), *others)


def is_called(payer: Payer, word: str) -> bool:
    """Whether `word` means this payer; a person's own customer may be named by its number too."""
    return word == payer.key or (payer.customer is not None and word == str(payer.customer.pk))


def has_changed(data: QueryDict) -> bool:
    """Whether the form names another payer than the one whose price was shown."""
    return "client_vu" in data and data.get("client") != data["client_vu"]
