"""What the address of a booking page asks for, and the addresses that change one thing of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse

from bookings.opening import AFTERNOON, DAY, MORNING

MOMENTS = {"matin": MORNING, "apres-midi": AFTERNOON, "journee": DAY}
WORDS = {half: word for word, half in MOMENTS.items()}
ANY = "libre"
WHOLE = "tout"


@lru_cache(1024)
def _address(name: str, site: str, day: date) -> str:
    """A page prints hundreds of links to itself."""
    return reverse(name, args=[site, day])


@dataclass(frozen=True)
class AskedDesk:
    """Site, day and half; `desk` is a number, `ANY`, or nothing chosen yet."""

    site: str
    day: date
    half: str
    desk: str = ""
    filters: tuple[str, ...] = ()
    whole: bool = False
    client: str = ""

    @property
    def number(self) -> int | None:
        """The desk's number, when one is asked for."""
        return int(self.desk) if self.desk.isdecimal() else None

    def href(self, **changes: Any) -> str:
        """The address of the same page with something changed."""
        other = replace(self, **changes)
        query: list[tuple[str, str]] = [("moment", WORDS[other.half])]
        query += [("poste", other.desk)] if other.desk else []
        query += [("equipement", code) for code in other.filters]
        query += [("etage", WHOLE)] if other.whole else []
        query += [("client", other.client)] if other.client else []
        return f"{_address('bookings:desks', other.site, other.day)}?{urlencode(query)}"

    def toggled(self, code: str) -> str:
        """The address with one filter put on or taken off."""
        left = tuple(each for each in self.filters if each != code)
        return self.href(filters=left if code in self.filters else (*self.filters, code))


def read_desk(data: QueryDict, *, site: str, day: date, half: str, client: str = "") -> AskedDesk:
    """Read the query or the form; `half` when none is asked for. What makes no sense is a 404."""
    moment, desk = data.get("moment"), data.get("poste", "")
    if moment is not None and moment not in MOMENTS:
        raise Http404
    if desk not in {"", ANY} and not (desk.isascii() and desk.isdecimal() and len(desk) <= 4):
        raise Http404
    return AskedDesk(
        site=site,
        day=day,
        half=MOMENTS[moment] if moment else half,
        desk=desk,
        filters=codes_of(data),
        whole=data.get("etage") == WHOLE,
        client=client,
    )


def codes_of(data: QueryDict) -> tuple[str, ...]:
    """The equipment asked for; codes that do not exist match nothing and do no harm."""
    return tuple(dict.fromkeys(code[:40] for code in data.getlist("equipement")[:8] if code))


def number_of(data: Mapping[str, str], name: str) -> int | None:
    """A small whole number of the query; anything else is a 404."""
    text = data.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        raise Http404
    return int(text)


@dataclass(frozen=True)
class AskedRoom:
    """Site and day; a room's code and clock times, or nothing chosen yet; seats and equipment as filters."""

    site: str
    day: date
    room: str = ""
    start: time | None = None
    end: time | None = None
    seats: int | None = None
    filters: tuple[str, ...] = ()
    client: str = ""

    def href(self, **changes: Any) -> str:
        """The address of the same page with something changed."""
        other = replace(self, **changes)
        query: list[tuple[str, str]] = [("salle", other.room)] if other.room else []
        if other.start and other.end:
            end = "24:00" if other.end == time(0) else f"{other.end:%H:%M}"
            query += [("de", f"{other.start:%H:%M}"), ("a", end)]
        query += [("places", str(other.seats))] if other.seats else []
        query += [("equipement", code) for code in other.filters]
        query += [("client", other.client)] if other.client else []
        address = _address("bookings:rooms", other.site, other.day)
        return f"{address}?{urlencode(query)}" if query else address

    def toggled(self, code: str) -> str:
        """The address with one filter put on or taken off."""
        left = tuple(each for each in self.filters if each != code)
        return self.href(filters=left if code in self.filters else (*self.filters, code))


def read_room(data: QueryDict, *, site: str, day: date, client: str = "") -> AskedRoom:
    """Read the query or the form. What makes no sense is a 404."""
    return AskedRoom(
        site=site,
        day=day,
        room=data.get("salle", "")[:40],
        start=clock_of(data.get("de", "")),
        end=clock_of(data.get("a", "")),
        seats=number_of(data, "places"),
        filters=codes_of(data),
        client=client,
    )


def clock_of(text: str) -> time | None:
    """A clock time « 14:15 »; 24:00 is midnight at the end of the day, anything else a 404."""
    if not text:
        return None
    try:
        return time.fromisoformat("00:00" if text == "24:00" else text).replace(tzinfo=None)
    except ValueError:
        raise Http404 from None
