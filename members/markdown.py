"""Markdown written by the team, shown safely."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

PLACEHOLDER = re.compile(r"\[(?:À COMPLÉTER|TO BE COMPLETED)[^\]]*\]")
"""What a text still lacks, plainly marked in it: « [À COMPLÉTER : adresse] »."""

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_reader = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(text: str) -> SafeString:
    """Turn Markdown into HTML that holds only the tags of a text; what is still to be filled in is marked."""
    html = nh3.clean(
        _reader.render(text),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
    )
    marked = PLACEHOLDER.sub(lambda found: f"<mark>{found.group()}</mark>", html)
    return mark_safe(marked)  # noqa: S308  # cleaned by nh3 just above; <mark> is the only thing added


def placeholders(text: str) -> list[str]:
    """List what a text still lacks."""
    return PLACEHOLDER.findall(text)
