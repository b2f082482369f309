"""What a browser calls itself, in words a person recognises."""

from django.utils.translation import gettext as _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""(mark, word): the first mark found counts, so that what pretends to be another comes first."""


def device_said(agent: str) -> str:
    """« Firefox, Linux »; as much of it as is known."""
    words = [word for marks in (BROWSERS, SYSTEMS) if (word := _first(agent, marks))]
    return ", ".join(words) or _("Appareil inconnu")


def _first(agent: str, marks: tuple[tuple[str, str], ...]) -> str:
    return next((word for mark, word in marks if mark in agent), "")
