"""How the log is written: one line for each record, whatever it holds."""

import logging


class OneLine(logging.Formatter):
    """Keep a traceback, or a text someone typed, on the line of its record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record on one line; line ends are shown as ⏎."""
        lines = super().format(record).splitlines()
        return " ⏎ ".join(line.rstrip() for line in lines)
