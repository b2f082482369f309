"""The HTTP server: which program part answers which address."""

import json
import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from cantine.standin import checkout_page, control, control_page, html
from cantine.standin.answers import Answer, as_json, as_page, redirect
from cantine.standin.api import Api, Sent, Severed
from cantine.standin.call import Call
from cantine.standin.control import Defaults
from cantine.standin.errors import ApiError
from cantine.standin.forms import parse_nested
from cantine.standin.state import Store
from cantine.standin.webhooks import Courier

log = logging.getLogger("standin")

LARGEST_BODY = 1_000_000


class Server(ThreadingHTTPServer):
    """The listening socket with what the handlers need."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        address: tuple[str, int],
        *,
        store: Store,
        secret_key: str,
        defaults: Defaults,
        public_url: str = "",
    ) -> None:
        super().__init__(address, Handler)
        self.store, self.defaults, self.public_url = store, defaults, public_url.rstrip("/")
        self.api = Api(store, secret_key)
        self.courier = Courier(store)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "standin"
    wbufsize = -1  # headers and body leave together: no waiting for an acknowledgement
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Reads."""
        self._serve()

    def do_POST(self) -> None:
        """Writes."""
        self._serve()

    def do_DELETE(self) -> None:
        """Deletes."""
        self._serve()

    def _serve(self) -> None:
        try:
            answer = self._answer()
        except Severed:
            self.close_connection = True
            return
        except ApiError as error:
            answer = as_json(error.body, error.status)
        except Exception:  # a fault of ours is answered as Stripe answers one of its own
            log.exception("%s %s failed", self.command, self.path)
            answer = as_json(ApiError(500, "api_error", "The stand-in failed; see its log.").body, 500)
        self._send(answer)
        self.server.courier.nudge()

    def _answer(self) -> Answer:
        target = urlsplit(self.path)
        params = self._params(target.query)
        path = target.path
        if path.startswith("/v1/"):
            headers = {name.lower(): value for name, value in self.headers.items()}
            return self.server.api.answer(Sent(self.command, path, params, self._base_url(), headers))
        if self.command == "POST" and not self._same_origin():
            raise ApiError(403, "invalid_request_error", "This form belongs to another site.")
        call = Call(self.server.store, params, self._base_url())
        if path.startswith("/c/pay/"):
            return self._pay(call, path.removeprefix("/c/pay/"))
        if path.startswith("/_control/"):
            return self._control(call, path.removeprefix("/_control/"))
        return self._fixed(call, path)

    def _params(self, query: str) -> dict[str, Any]:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            raise ApiError(413, "invalid_request_error", "The request is too large.")
        body = self.rfile.read(length).decode("utf-8", "replace")
        if self.headers.get("Content-Type", "").startswith("application/json"):
            try:
                loaded = json.loads(body or "{}")
            except ValueError:
                raise ApiError.invalid("The body is not JSON.") from None
            return loaded if isinstance(loaded, dict) else {}
        return parse_nested("&".join(part for part in (query, body) if part))

    def _base_url(self) -> str:
        return self.server.public_url or f"http://{self.headers.get('Host', 'localhost')}"

    def _same_origin(self) -> bool:
        origin = self.headers.get("Origin")
        return origin in (None, "null") or urlsplit(origin).netloc == self.headers.get("Host")

    def _pay(self, call: Call, rest: str) -> Answer:
        identifier, slash, tail = rest.partition("/")
        handler = checkout_page.submit if self.command == "POST" else checkout_page.show
        with self.server.store.transaction():
            return handler(call, identifier, slash + tail)

    def _control(self, call: Call, rest: str) -> Answer:
        if self.command == "GET":
            return control_page.panel(call) if not rest else self._read(call, rest)
        if rest == "reset":
            self.server.store.forget_everything()
            self.server.defaults.restore(self.server.store)
            return as_json({})
        with self.server.store.transaction():
            done = control.act(call, rest)
        if "text/html" in self.headers.get("Accept", ""):
            return redirect("/_control/")
        return as_json(done)

    def _read(self, call: Call, rest: str) -> Answer:
        reader = control.READS.get(rest)
        if reader is None:
            raise ApiError(404, "invalid_request_error", "Nothing to read here.")
        return as_json(reader(call, ""))

    def _fixed(self, call: Call, path: str) -> Answer:
        if path == "/":
            return control_page.sessions(call)
        if path == "/style.css":
            return Answer(200, html.style(), "text/css; charset=utf-8")
        if path == "/icon.svg":
            return Answer(200, (html.PAGES / "icon.svg").read_bytes(), "image/svg+xml")
        body = html.fill("notice.html", title="Page introuvable", sentence="", way=html.Html(""))
        return as_page(html.page("Page introuvable", body), 404)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """One line per request through logging, at a level `make run` doesn't show."""
        log.debug(format, *args)
