"""One request to `/v1/`: key, faults, idempotency, then the work in one transaction."""

import hmac
import json
from dataclasses import dataclass, field

from cantine.standin import expanding, routes
from cantine.standin.answers import Answer, as_json
from cantine.standin.call import Call
from cantine.standin.errors import ApiError
from cantine.standin.faults import Faults, Severed
from cantine.standin.idempotency import Asked, Idempotency
from cantine.standin.ids import new_id
from cantine.standin.objects import API_VERSION
from cantine.standin.state import Json, Store


@dataclass(frozen=True)
class Sent:
    """A request as it came."""

    method: str
    path: str
    params: Json
    base_url: str
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case

    @property
    def key(self) -> str | None:
        """The idempotency key, which counts for what writes only."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None


class Api:
    """Stripe's API over a store."""

    def __init__(self, store: Store, secret_key: str) -> None:
        self._store, self._secret_key = store, secret_key
        self._faults, self._idempotency = Faults(store), Idempotency(store)

    def answer(self, sent: Sent) -> Answer:
        """The response to a request; raises `Severed` when the connection is to be cut."""
        request_id = new_id("req", 14)
        headers = {
            "Request-Id": request_id,
            "Stripe-Version": sent.headers.get("stripe-version", API_VERSION),
        }
        if sent.key:
            headers["Idempotency-Key"] = sent.key
        try:
            self._check_key(sent)
            with self._idempotency.held(sent.key):
                self._faults.before(sent.key)
                status, body, replayed = self._work(sent, request_id)
            self._faults.after()
        except ApiError as error:
            status, body, replayed = error.status, error.body, False
            body["error"]["request_log_url"] = f"{sent.base_url}/?request={request_id}"
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        answer = as_json(body, status)
        answer.headers.update(headers)
        return answer

    def _check_key(self, sent: Sent) -> None:
        given = sent.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not given:
            raise ApiError.unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization "
                "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
        if not hmac.compare_digest(given.encode(), self._secret_key.encode()):
            raise ApiError.unauthorized(f"Invalid API Key provided: {given[:8]}********")

    def _work(self, sent: Sent, request_id: str) -> tuple[int, Json, bool]:
        call = Call(self._store, sent.params, sent.base_url, request_id, sent.key)
        if sent.key is None:
            with self._store.transaction():
                return 200, expanding.expand(call, routes.answer(call, sent.method, sent.path)), False
        asked = Asked(sent.key, sent.path, json.dumps(sent.params, sort_keys=True))
        with self._store.transaction():
            known = self._idempotency.replay(asked)
            if known is not None:
                return *known, True
            body = expanding.expand(call, routes.answer(call, sent.method, sent.path))
            self._idempotency.keep(asked, 200, body)
            return 200, body, False


__all__ = ["Api", "Sent", "Severed"]
