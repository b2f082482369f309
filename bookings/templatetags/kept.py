"""Parts of a page that say the same whenever they are given the same value: made once, then kept."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MOST = 8192
"""How many parts are kept, of about a kilobyte each: some days of a full house."""


@register.simple_tag
def kept(name: str, **given: Hashable) -> SafeString:
    """Include a template that sees `given` and nothing else; a value that is equal is not rendered again.

    What is given is frozen, and the template asks for nothing else: no request, no clock, no query.
    """
    return _made(name, get_language(), tuple(given.items()))


@lru_cache(MOST)
def _made(name: str, language: str | None, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    rendered: SafeString = get_template(name).render(dict(given))  # type: ignore[assignment]  # typed as str
    return rendered
