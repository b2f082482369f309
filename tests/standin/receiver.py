"""A small web server that receives webhooks and answers as a test wishes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver(ThreadingHTTPServer):
    """Keeps what came; `refusals` first answers are 500."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[bytes, str]] = []
        self.refusals = 0
        self.arrived = threading.Condition()

    @property
    def url(self) -> str:
        """Where webhooks are to be sent."""
        return f"http://127.0.0.1:{self.server_address[1]}/stripe/webhook/"

    def wait_for(self, count: int, seconds: float = 8) -> list[tuple[bytes, str]]:
        """What came, once there are `count` or the time is over."""
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.got) >= count, timeout=seconds)
            return list(self.got)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        """One webhook."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.arrived:
            self.server.got.append((body, self.headers["Stripe-Signature"]))
            status = 500 if self.server.refusals else 200
            self.server.refusals = max(0, self.server.refusals - 1)
            self.server.arrived.notify_all()
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that runs for the length of the block."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()
