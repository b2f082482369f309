"""A small HTTP client of the standard library: one connection, a session, the token of the forms."""

import http.client
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([A-Za-z0-9]+)"')
# Any secret of this shape: the cookie and the field only have to agree.
SECRET = "benchbenchbenchbenchbenchbench32"  # noqa: S105 - protects nothing
FORM = "application/x-www-form-urlencoded"
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came back; `where` is the path of a redirect."""

    status: int
    where: str
    body: bytes
    headers: dict[str, str]

    def token(self) -> str:
        """The token of the page's forms."""
        found = TOKEN.search(self.body)
        return found[1].decode() if found else ""


@dataclass
class Browser:
    """One person's connection to the application; reconnects when it was closed."""

    port: int
    session: str = ""
    timeout: float = 60
    line: http.client.HTTPConnection | None = None
    cookies: dict[str, str] = field(default_factory=lambda: {"csrftoken": SECRET})

    def get(self, path: str, **headers: str) -> Answer:
        """GET a page."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, data: dict[str, str], *, token: str = SECRET) -> Answer:
        """POST a form with its token."""
        body = urlencode({**data, "csrfmiddlewaretoken": token})
        return self._ask("POST", path, body, {"Content-Type": FORM})

    def close(self) -> None:
        """Hang up."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        cookies = {"sessionid": self.session, **self.cookies}
        said = "; ".join(f"{name}={value}" for name, value in cookies.items() if value)
        try:
            self.line.request(method, path, body, {"Cookie": said, **headers})
            response = self.line.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        where = urlsplit(response.headers.get("Location", ""))
        query = f"?{where.query}" if where.query else ""
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            if name == "csrftoken":
                self.cookies[name] = rest.partition(";")[0]
        if response.will_close:
            self.close()
        return Answer(response.status, where.path + query, content, dict(response.headers.items()))


def at_once(jobs: Sequence[Callable[[], Result]], *, together: int = 1000) -> list[Result]:
    """Run every job, `together` of them at a time in threads that are let go at the same instant."""
    threads = min(together, len(jobs))
    barrier = Barrier(threads)
    with ThreadPoolExecutor(threads, initializer=barrier.wait) as pool:
        return list(pool.map(lambda job: job(), jobs))
