"""Errors sent to Sentry where SENTRY_DSN is set: where and how it broke, never whose data it was about."""

import re
from collections.abc import Mapping
from typing import Any

import sentry_sdk

from cantine.logs import blotted
from cantine.watching.asked import request_id

DETAIL = re.compile(r"(DETAIL:|Key \().*", re.DOTALL)
"""PostgreSQL quotes the row that it refuses."""
UNTOLD = ("user", "extra", "breadcrumbs", "modules")
OF_REQUEST = ("method",)


def start(dsn: str, *, environment: str, transport: Any = None) -> None:
    """Send errors there; no traces, no profiles, no sessions."""
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        transport=transport,
        # What send_default_pii=False was, and more: nothing is collected that could hold a person's data.
        data_collection={
            "user_info": False,
            "cookies": {"mode": "off"},
            "http_headers": {"request": {"mode": "off"}},
            "http_bodies": [],
            "url_query_params": {"mode": "off"},
            "database_query_data": False,
            "stack_frame_variables": False,
            "frame_context_lines": 0,
        },
        max_breadcrumbs=0,
        auto_session_tracking=False,
        before_send=without_persons,
    )


def without_persons(event: Any, _hint: Mapping[str, Any]) -> Any:
    """The event without whom it happened to: no user, cookie, header, query or form; texts are scrubbed."""
    for name in UNTOLD:
        event.pop(name, None)
    asked = event.get("request")
    if asked:
        kept = {name: asked[name] for name in OF_REQUEST if name in asked}
        event["request"] = kept
    event.setdefault("tags", {})["request_id"] = request_id.get()
    return scrubbed(event)


def scrubbed(what: Any) -> Any:
    """The same without e-mail addresses, private links, and what PostgreSQL quotes of a row."""
    if isinstance(what, str):
        return DETAIL.sub(r"\1…", blotted(what))
    if isinstance(what, Mapping):
        return {name: scrubbed(value) for name, value in what.items()}
    if isinstance(what, list | tuple):
        return [scrubbed(value) for value in what]
    return what
