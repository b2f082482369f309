"""Parts of a page that say the same whenever they are given the same value: made once, then kept.

A form's token is each reader's own: what is kept has a mark in its place.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from secrets import token_hex

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST = 8192
"""How many parts are kept, of about a kilobyte each: some days of a full house."""
MARK = token_hex()
"""Stands where a form's token will be, and nobody can guess it: the `csrf_token` of what is to be kept."""


@register.simple_tag(takes_context=True)
def kept(context: Context, name: str, **given: Hashable) -> SafeString:
    """Include a template that sees `given` and nothing else; a value that is equal is not rendered again.

    What is given is frozen, and the template asks for nothing else: no request, no clock, no query.
    """
    made = _made(name, get_language(), tuple(given.items()))
    return with_token(made, lambda: context.get("csrf_token", MARK))


@lru_cache(MOST)
def _made(name: str, language: str | None, given: tuple[tuple[str, Hashable], ...]) -> SafeString:
    seen = {**dict(given), "csrf_token": MARK}
    rendered: SafeString = get_template(name).render(seen)  # type: ignore[assignment]  # typed as str
    return rendered


def with_token(made: SafeString, token: Callable[[], object]) -> SafeString:
    """Put the reader's token in its place; `token` is only asked for where there is one."""
    if MARK not in made:
        return made
    return mark_safe(made.replace(MARK, str(token())))  # noqa: S308 - rendered by a template; a token is letters
