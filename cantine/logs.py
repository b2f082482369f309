"""How the log is written: one line for each record, whatever it holds, and no private key."""

import logging
import re

PRIVATE = re.compile(r"(/(?:inscriptions|billets)/)[\w-]+")
"""Addresses that open to whoever has them."""


class OneLine(logging.Formatter):
    """Keep a traceback, or a text someone typed, on the line of its record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line; line ends are shown as ⏎, the keys of private links as …."""
        lines = PRIVATE.sub(r"\1…", super().format(record)).splitlines()
        return " ⏎ ".join(line.rstrip() for line in lines)
