"""`{% load gestion %}`: what the templates of /gestion/ ask of Django's change lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR, ChangeList

register = template.Library()


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
