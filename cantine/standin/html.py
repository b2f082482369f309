"""Filling the pages: everything is escaped unless it was made here."""

import html
from functools import cache
from pathlib import Path
from string import Template

PAGES = Path(__file__).parent / "pages"
NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"


class Html(str):
    """Markup made by us, not to be escaped again."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template((PAGES / name).read_text(encoding="utf-8"))


def fill(file: str, /, **values: object) -> Html:
    """A file of `pages/` with its `$names` replaced."""
    shown = {
        key: value if isinstance(value, Html) else html.escape(str(value)) for key, value in values.items()
    }
    return Html(_template(file).substitute(shown))


def joined(parts: list[Html]) -> Html:
    """Several pieces of markup, one after the other."""
    return Html("".join(parts))


def page(title: str, body: Html, *, layout: str = "narrow") -> bytes:
    """A whole page; `layout` is narrow, or wide for tables."""
    return fill("page.html", title=title, body=body, layout=layout).encode()


def style() -> bytes:
    """The one stylesheet."""
    return (PAGES / "style.css").read_bytes()


def euros(cents: int) -> str:
    """An amount as people here write it: 1 234,50 €."""
    whole, rest = divmod(cents, 100)
    return f"{whole:,}".replace(",", NARROW) + f",{rest:02d}{WIDE}€"
