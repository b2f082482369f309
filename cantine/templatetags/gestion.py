"""`{% load gestion %}`: what the templates of /gestion/ ask of Django's change lists."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

WORDLESS = re.compile(r"<th([^>]*)></th>")


@register.filter
def wordless_headings_as_cells(html: str) -> SafeString:
    """Make plain cells of the headings of a table, written by a template, that have no word."""
    return mark_safe(WORDLESS.sub(r"<td\1></td>", html))  # noqa: S308 - what a template made, a tag's name changed


@dataclass(frozen=True)
class Chosen:
    """The choice of a filter that is on; the first one is « Tous »."""

    display: str
    is_first: bool


@register.filter
def chosen_choice(choices: Iterable[dict[str, Any]]) -> Chosen:
    """The selected choice among those of a filter."""
    for index, choice in enumerate(choices):
        if choice["selected"]:
            return Chosen(str(choice["display"]), index == 0)
    return Chosen("", True)


EMPTY = re.compile(r"^<t[dh][^>]*>\s*[–-]?\s*</t[dh]>$")


@register.filter
def labelled(cells: Iterable[str], headers: Iterable[dict[str, Any]]) -> list[SafeString]:
    """The cells of a row, each with the heading of its column, which a phone shows beside it."""
    return [labelled_cell(cell, str(head["text"])) for cell, head in zip(cells, headers, strict=False)]


def labelled_cell(cell: str, heading: str) -> SafeString:
    """One cell as Django printed it, with its heading, and a mark when there is nothing in it."""
    told = format_html(' data-label="{}"', capfirst(strip_tags(heading).strip()))
    empty = " data-empty" if EMPTY.search(cell) else ""
    named = re.sub("^<t[dh]", lambda tag: f"{tag[0]!s}{told}{empty}", cell, count=1)
    return mark_safe(named)  # noqa: S308 - what Django made safe, with an escaped attribute put in its tag


@dataclass(frozen=True)
class ListPage:
    """Where one is in a list."""

    first: int
    last: int
    previous: str
    next: str


@register.simple_tag
def list_page(cl: ChangeList) -> ListPage:
    """« 1 à 25 », and the addresses of the pages around."""
    count, size, number = cl.result_count, cl.list_per_page, cl.page_num
    if cl.show_all:
        return ListPage(1, count, "", "")
    pages = cl.paginator.num_pages
    before = cl.get_query_string({PAGE_VAR: number - 1}) if number > 1 else ""
    after = cl.get_query_string({PAGE_VAR: number + 1}) if number < pages else ""
    return ListPage((number - 1) * size + 1, min(number * size, count), before, after)
