"""One line of « À faire »."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Todo:
    """One line: icon on its soft, what, in a few words, and a verb that leads there, or does it (`posts`)."""

    icon: str
    tone: str
    title: str
    detail: str
    verb: str
    href: str
    posts: bool = False


def entry(number: int, title: str, detail: str, verb: str, href: str, *, icon: str = "warning") -> list[Todo]:
    """A line about `number` things; nothing when there are none."""
    if not number:
        return []
    return [Todo(icon, "bette", title % {"number": number}, detail, verb, href)]
