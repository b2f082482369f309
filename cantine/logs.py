"""How the log is written: one line for each record, whatever it holds, no private key and no address."""

import json
import logging
import re
from datetime import UTC, datetime

from cantine.watching.asked import request_id

PRIVATE = re.compile(
    r"(/(?:inscriptions|billets|louer/demande|commandes|rapport|rejoindre|desabonnement|moi/donnees"
    r"|compte/reprendre|premier-acces/[^\s/]+|evenements/[^\s/]+/accueil)/)[^\s/?]+"
)
"""Addresses that open to whoever has them, and the codes of tickets seen at a door."""
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
"""A mail server that refuses somebody says whom."""
SAID_TOO = ("view", "status", "ms")
"""What a record may hold beside its message."""


def blotted(text: str) -> str:
    """The same without e-mail addresses and the keys of private links."""
    return ADDRESS.sub("…@…", PRIVATE.sub(r"\1…", text))


class OneLine(logging.Formatter):
    """Keep a traceback, or a text someone typed, on the line of its record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line; line ends are shown as ⏎, the keys of private links and addresses as …."""
        name = request_id.get()
        lines = blotted(super().format(record)).splitlines()
        written = " ⏎ ".join(line.rstrip() for line in lines)
        return f"{written} [{name}]" if name else written


class Json(logging.Formatter):
    """One JSON object a line, for whatever collects them."""

    def format(self, record: logging.LogRecord) -> str:
        """Time in UTC, level, logger, message, the request's name, and a traceback where there is one."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": blotted(record.getMessage()),
            "request_id": request_id.get(),
            **{name: getattr(record, name) for name in SAID_TOO if hasattr(record, name)},
        }
        if record.exc_info:
            said["exception"] = blotted(self.formatException(record.exc_info))
        return json.dumps(said, ensure_ascii=False, default=str)
