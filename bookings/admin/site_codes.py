"""What names a site by its code, in rooms that know no site: lists and forms say its name."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib import admin

from bookings.models import Site
from members import told

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

CODE = "site_code"


def names_by_code() -> dict[str, str]:
    """How each site is called."""
    return dict(Site.objects.values_list("code", "name"))


def site_words() -> Callable[[str], str]:
    """Tells the sites of one page by name, read once."""
    names = cache(names_by_code)
    return lambda code: names().get(code, code) or told.EMPTY


class SiteCodeFilter(admin.AllValuesFieldListFilter):
    """Filters by the site that a code names."""

    def choices(self, changelist: "ChangeList") -> Iterator[Any]:
        """The codes there are, by their sites' names."""
        names = names_by_code()
        for each in super().choices(changelist):
            yield {**each, "display": names.get(str(each["display"]), each["display"])}


told.tell_with(CODE, site_words)
admin.FieldListFilter.register(lambda field: field.name == CODE, SiteCodeFilter, take_priority=True)
