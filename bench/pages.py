"""P10 and P11: queries of the pages, and the bytes of a first view."""

import gzip
import re
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.client import Browser
from bench.house import CODE
from bench.results import Result
from bench.serving import Server
from members.models import User

MOST = {
    "day plan": 8,
    "my bookings": 8,
    "admin bookings": 12,
    "admin orders": 12,
    "admin documents": 12,
    "booking": 15,
}
CONTROL = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)")
URL = re.compile(rb"url\(['\"]?([^'\")]+)")
PAGE_BYTES, SCRIPT_BYTES = 150_000, 30_000


def queries(day: date, slot: int) -> dict[str, int]:
    """The statements of each page for the first of the people, and for whoever runs the place."""
    person, manager = Client(), Client()
    person.force_login(User.objects.get(email="charge0@cantine.example"))
    manager.force_login(manager_of_the_bench())
    pages = {
        "day plan": (person, f"/{CODE}/reserver/{day}/"),
        "my bookings": (person, "/moi/reservations/"),
        "admin bookings": (manager, "/gestion/bookings/booking/"),
        "admin orders": (manager, "/gestion/billing/order/"),
        "admin documents": (manager, "/gestion/billing/document/"),
    }
    form = {"moment": "matin", "poste": str(slot)}
    person.get(f"/{CODE}/reserver/{day}/")  # the premises are read
    with CaptureQueriesContext(connection) as captured:
        answer = person.post(f"/{CODE}/reserver/{day}/", form)
    if answer.status_code != 302:
        raise RuntimeError(f"the booking was answered {answer.status_code}")
    booking = len([each for each in captured if not CONTROL.match(each["sql"])])
    return {"booking": booking, **{name: asked(client, path) for name, (client, path) in pages.items()}}


def asked(client: Client, path: str) -> int:
    """The statements of a page that is asked for a second time, when what is kept is kept."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return len([each for each in captured if not CONTROL.match(each["sql"])])


def manager_of_the_bench() -> User:
    """Whoever may see every list."""
    user, _ = User.objects.get_or_create(
        email="banc@cantine.example", defaults={"is_staff": True, "is_superuser": True, "name": "Banc Essai"}
    )
    return user


def constant_queries(few: dict[str, int], many: dict[str, int]) -> Result:
    """P10: as many queries with a million bookings as with ten thousand, and few."""
    holds = all(few[name] == many[name] <= most for name, most in MOST.items())
    grown = [f"{name} {few[name]} → {many[name]}" for name in MOST if few[name] != many[name]]
    detail = f"grows: {', '.join(grown)}" if grown else "the same at 10,000 and at 1,000,000 bookings"
    return Result("P10", "queries per page", many, MOST, holds, detail)


class Parts(HTMLParser):
    """The files a page asks for at once."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note style sheets, scripts, images, icons and fonts."""
        said = dict(attrs)
        loads = tag == "link" and (said.get("rel") or "") in {"stylesheet", "preload", "icon"}
        address = said.get("src") if tag in {"script", "img"} else said.get("href") if loads else None
        if address and not address.startswith("data:"):
            self.found.append(address)


def first_view(server: Server, path: str = "/") -> Result:
    """P11: everything a visitor's first view loads, compressed as whitenoise and a proxy send it."""
    browser = server.browser("")
    page = browser.get(path)
    sizes = {path: len(gzip.compress(page.body, 6))}
    parts = Parts()
    parts.feed(page.body.decode())
    for address in dict.fromkeys(parts.found):
        sizes |= loaded(browser, address, known=set(sizes))
    scripts = sum(size for address, size in sizes.items() if address.partition("?")[0].endswith(".js"))
    value = {"all": sum(sizes.values()), "script": scripts}
    holds = value["all"] <= PAGE_BYTES and value["script"] <= SCRIPT_BYTES
    largest = sorted(sizes.items(), key=lambda item: -item[1])[:4]
    detail = ", ".join(f"{address.rpartition('/')[2] or address} {size}" for address, size in largest)
    return Result(
        "P11",
        "bytes of a first view, compressed",
        value,
        {"all": PAGE_BYTES, "script": SCRIPT_BYTES},
        holds,
        f"{len(sizes)} requests; largest: {detail}",
    )


def loaded(browser: Browser, address: str, *, known: set[str]) -> dict[str, int]:
    """The bytes of one file as sent, and of the files a style sheet names."""
    if address in known:
        return {}
    answer = browser.get(address, **{"Accept-Encoding": "gzip"})
    if answer.status != 200:
        raise RuntimeError(f"{address} answers {answer.status}")
    sizes = {address: len(answer.body)}
    if address.endswith(".css"):
        text = (
            gzip.decompress(answer.body) if answer.headers.get("Content-Encoding") == "gzip" else answer.body
        )
        for found in dict.fromkeys(URL.findall(text)):
            inner = found.decode()
            if not inner.startswith(("data:", "#")):
                sizes |= loaded(browser, urljoin(address, inner), known=known | set(sizes))
    return sizes
