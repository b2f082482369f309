"""Which address of the API does what."""

import re
from collections.abc import Callable

from cantine.standin import checkout, customers, listing, refunds
from cantine.standin.call import Call
from cantine.standin.errors import ApiError
from cantine.standin.listing import Listed
from cantine.standin.state import Json

Handler = Callable[..., Json]

LISTS = (
    Listed("/v1/customers", "customer", ("email",)),
    Listed("/v1/checkout/sessions", "checkout.session", ("payment_intent", "customer", "status")),
    Listed("/v1/payment_intents", "payment_intent", ("customer",)),
    Listed("/v1/payment_methods", "payment_method", ("customer", "type")),
    Listed("/v1/charges", "charge", ("payment_intent", "customer")),
    Listed("/v1/refunds", "refund", ("payment_intent", "charge")),
    Listed("/v1/events", "event", ("type",)),
    Listed("/v1/balance_transactions", "balance_transaction", ("source", "type"), under=("payout",)),
    Listed("/v1/payouts", "payout", ("status", "destination")),
    Listed("/v1/disputes", "dispute", ("charge", "payment_intent")),
)


def _lister(listed: Listed) -> Handler:
    return lambda call: listing.page(call, listed)


def _reader(kind: str) -> Handler:
    def read(call: Call, identifier: str) -> Json:
        call.only()
        return call.object(kind, identifier)

    return read


def _line_items(call: Call, identifier: str) -> Json:
    call.only(*listing.PAGING)
    return listing.whole(
        f"/v1/checkout/sessions/{identifier}/line_items", checkout.line_items(call, identifier)
    )


ADDRESSES: tuple[tuple[str, str, Handler], ...] = (
    *(("GET", listed.url, _lister(listed)) for listed in LISTS),
    *(("GET", f"{listed.url}/:id", _reader(listed.kind)) for listed in LISTS),
    ("POST", "/v1/customers", customers.create),
    ("POST", "/v1/customers/:id", customers.update),
    ("DELETE", "/v1/customers/:id", customers.delete),
    ("POST", "/v1/checkout/sessions", checkout.create),
    ("GET", "/v1/checkout/sessions/:id/line_items", _line_items),
    ("POST", "/v1/checkout/sessions/:id/expire", checkout.expire),
    ("POST", "/v1/refunds", refunds.create),
)
ROUTES = [
    (method, re.compile(address.replace(":id", "([A-Za-z0-9_]+)")), handler)
    for method, address, handler in ADDRESSES
]


def answer(call: Call, method: str, path: str) -> Json:
    """Do what the address says; 404 as Stripe words it when there is no such address."""
    for known, pattern, handler in ROUTES:
        found = pattern.fullmatch(path)
        if found and known == method:
            return handler(call, *found.groups())
    raise ApiError(404, "invalid_request_error", f"Unrecognized request URL ({method}: {path}).")
