"""Delivering events: signed, and again until the receiver says 2xx."""

import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from cantine.standin import checkout, payouts, refunds
from cantine.standin.call import Call
from cantine.standin.state import Json, Store

log = logging.getLogger("standin.webhooks")

TIMEOUT = 10
SLOWEST_RETRY = 60
GIVEN_UP_AFTER = 3 * 86400
HANDS = 8
SWEEP_EVERY = 1.0  # seconds between two looks at what ends by itself


def body_of(event: Json) -> bytes:
    """The bytes that are sent and signed."""
    return json.dumps(event, indent=2, ensure_ascii=False).encode()


def signature(body: bytes, secrets: list[str], *, at: int) -> str:
    """The `Stripe-Signature` header; one `v1` for each secret while they rotate."""
    signed = f"{at}.".encode() + body
    parts = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return f"t={at}," + ",".join(f"v1={part}" for part in parts)


class Courier:
    """Looks several times a second for what is due, and sends with a few hands at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._woken = threading.Event()
        self._stopping = False
        self._swept = 0.0
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="webhook")
        self._round = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin; what a killed process was sending is sent again."""
        self._store.rows("UPDATE deliveries SET state = 'pending' WHERE state = 'sending'")
        self._round.start()

    def stop(self) -> None:
        """End without waiting for slow receivers."""
        self._stopping = True
        self._woken.set()
        self._hands.shutdown(wait=False, cancel_futures=True)

    def nudge(self) -> None:
        """Something may be due now."""
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping:
            self._woken.wait(0.2)
            self._woken.clear()
            try:
                self.tick()
            except Exception:  # the thread must live: nothing else would deliver
                log.exception("a round of the courier failed")

    def tick(self) -> None:
        """One round: close what is over, then hand out what is due."""
        with self._store.transaction():
            if time.monotonic() >= self._swept + SWEEP_EVERY:
                self._swept = time.monotonic()
                checkout.expire_due(Call(self._store))
                refunds.let_the_bank_answer(Call(self._store))
                payouts.move(Call(self._store))
            due = self._store.rows(
                "SELECT id FROM deliveries WHERE state = 'pending' AND due <= ? ORDER BY due, id",
                (self._store.clock(),),
            )
            for row in due:
                self._store.rows("UPDATE deliveries SET state = 'sending' WHERE id = ?", (row["id"],))
        for row in due:
            if not self._stopping:
                self._hands.submit(self._deliver, row["id"])

    def _deliver(self, delivery: int) -> None:
        try:
            found = self._store.rows("SELECT * FROM deliveries WHERE id = ?", (delivery,))
            event = self._store.find(found[0]["event"]) if found else None
            if event is not None:
                answered = self._post(body_of(event))
                self._record(delivery, event, answered, tries=found[0]["tries"] + 1)
        except Exception:  # it stays due, and the next round tries again
            log.exception("a delivery failed")

    def _post(self, body: bytes) -> str:
        """The receiver's status as text, or why there is none."""
        target = urlsplit(self._store.setting("webhook_url", ""))
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=TIMEOUT)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            # the receiver's clock is the real one, whatever ours has been told
            "Stripe-Signature": signature(
                body, self._store.setting("webhook_secrets", []), at=int(time.time())
            ),
        }
        try:
            connection.request("POST", target.path or "/", body=body, headers=headers)
            return str(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()

    def _record(self, delivery: int, event: Json, answered: str, *, tries: int) -> None:
        delivered = answered.startswith("2")
        now = self._store.clock()
        state = "delivered" if delivered else "pending"
        if not delivered and now > event["created"] + GIVEN_UP_AFTER:
            state = "given up"
        with self._store.transaction():
            self._store.rows(
                "UPDATE deliveries SET state = ?, tries = ?, answer = ?, due = ? WHERE id = ?",
                (state, tries, answered, now + min(2 ** (tries - 1), SLOWEST_RETRY), delivery),
            )
            if delivered:
                self._store.save({**event, "pending_webhooks": 0})
