"""What a page or the API gives back to the server."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cantine.standin.state import Json

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action {targets}"
)


@dataclass
class Answer:
    """Status, body and headers of a response."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(body: object, status: int = 200) -> Answer:
    """A JSON answer, indented as Stripe's are."""
    return Answer(status, json.dumps(body, indent=2).encode(), "application/json")


def as_page(body: bytes, status: int = 200, *, leads_to: str | None = None) -> Answer:
    """A page; `leads_to` is another address its form may end at (browsers check redirects of forms too)."""
    targets = "'self'"
    if leads_to:
        target = urlsplit(leads_to)
        targets += f" {target.scheme}://{target.netloc}"
    headers = {
        "Content-Security-Policy": POLICY.format(targets=targets),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Answer(status, body, headers=headers)


def redirect(address: str) -> Answer:
    """303: go there with a GET."""
    return Answer(303, headers={"Location": address, "Cache-Control": "no-store"})


def success_address(session: Json) -> str:
    """Where who has paid goes, with the session's id put where the merchant asked."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
