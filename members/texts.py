"""What people type, before it goes where it could do harm."""

import re
import unicodedata

from django.http import QueryDict

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Those that XML cannot hold and nobody types: they come with what is pasted from a PDF."""
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l", "đ": "d"})
LINK_LIKE = re.compile(r"[/:@]|\.\w")


def without_controls(text: str) -> str:
    """The text without control characters; tabs and line ends stay."""
    return CONTROLS.sub("", text)


def typed(data: QueryDict) -> QueryDict:
    """What a form was sent, without control characters."""
    plain = QueryDict(mutable=True, encoding=data.encoding)
    for name, values in data.lists():
        plain.setlist(name, [without_controls(str(value)) for value in values])
    return plain


def first_name(name: str) -> str:
    """How someone is greeted, from the name they typed; nothing where it could be taken for a link."""
    first = name.split(" ", maxsplit=1)[0]
    return "" if LINK_LIKE.search(first) else first


def folded(text: str) -> str:
    """In small letters and without accents: « Développement » and « developpement » alike."""
    bare = unicodedata.normalize("NFKD", without_controls(text).lower().translate(LIGATURES))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def initials(name: str) -> str:
    """Two letters for an avatar."""
    words = name.split()
    return "".join(word[0] for word in (*words[:1], *words[1:][-1:])).upper()
