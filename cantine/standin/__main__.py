"""`python -m cantine.standin`: start the payment stand-in and stay until told to stop."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from cantine.standin.control import Defaults
from cantine.standin.server import Server
from cantine.standin.state import Store


def _arguments(argv: list[str]) -> argparse.Namespace:
    env = os.environ
    parser = argparse.ArgumentParser(prog="python -m cantine.standin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--state", type=Path, required=True, help="the SQLite file to keep everything in")
    parser.add_argument("--public-url", default="", help="the address browsers use, when it is another")
    parser.add_argument("--webhook-url", default="", help="where events are sent; empty: only kept")
    parser.add_argument(
        "--secret-key", default=env.get("STANDIN_SECRET_KEY", ""), help="or STANDIN_SECRET_KEY"
    )
    parser.add_argument(
        "--webhook-secret",
        default=env.get("STANDIN_WEBHOOK_SECRET", ""),
        help="or STANDIN_WEBHOOK_SECRET; several, comma-separated, while they rotate",
    )
    return parser.parse_args(argv)


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or Ctrl-C; 2 and one line when it can't start."""
    if os.environ.get("CANTINE_ENV") == "production":
        return _refuse("The payment stand-in never runs in production: set STRIPE_SECRET_KEY instead.")
    arguments = _arguments(argv)
    secrets = tuple(filter(None, (one.strip() for one in arguments.webhook_secret.split(","))))
    if not arguments.secret_key.startswith("sk_test_") or not secrets:
        return _refuse("Give a secret key that begins with sk_test_, and a webhook secret.")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    store = Store(arguments.state)
    defaults = Defaults(arguments.webhook_url, secrets)
    try:
        server = Server(
            (arguments.host, arguments.port),
            store=store,
            secret_key=arguments.secret_key,
            defaults=defaults,
            public_url=arguments.public_url,
        )
    except OSError as error:
        return _refuse(f"Port {arguments.port} can't be used: {error.strerror}.")
    defaults.restore(store)
    return _serve(server)


def _refuse(reason: str) -> int:
    sys.stderr.write(reason + "\n")
    return 2


def _serve(server: Server) -> int:
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop that this handler interrupts: another thread must ask
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.courier.start()
    host, port = server.server_address[:2]
    sys.stdout.write(f"Payment stand-in on http://{host!s}:{port}/\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.courier.stop()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
