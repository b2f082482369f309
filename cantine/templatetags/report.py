"""`{% load report %}`: cells of reports, as they are printed."""

from django import template
from django.utils.translation import get_language

from cantine.report.printing import said
from cantine.report.told import Cell
from members.formats import known

register = template.Library()


@register.filter
def cell(value: Cell) -> str:
    """A cell in words."""
    return said(value, known(get_language()))
