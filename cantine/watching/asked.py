"""Which request something was done for: one name from the proxy to the log, the task and the answer."""

import re
import uuid
from contextvars import ContextVar

HEADER = "X-Request-ID"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""What a proxy may call a request: nothing that could write into a log line or a header."""

request_id: ContextVar[str] = ContextVar("request_id", default="")


def named(said: str) -> str:
    """The name that was said, if it is one; else a new one."""
    return said if SANE.fullmatch(said) else uuid.uuid4().hex
