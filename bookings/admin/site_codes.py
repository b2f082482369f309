"""What names a site by its code, in rooms that know no site: lists and forms say its name."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from bookings.models import Site
from members import reach, told

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

CODE = "site_code"
KEPT = "_names_of_sites"
"""Where the names are kept for the request: a list says them in its rows and in its filter."""


def names_by_code(request: HttpRequest) -> dict[str, str]:
    """How the sites within reach are called, in the order shown; read once per request."""
    found: dict[str, str] | None = getattr(request, KEPT, None)
    if found is None:
        rows = reach.seen_by(Site.objects.order_by("position", "name"), request.user)
        found = dict(rows.values_list("code", "name"))
        setattr(request, KEPT, found)
    return found


def site_words(request: HttpRequest) -> Callable[[str], str]:
    """Tells the sites of one page by name."""
    return lambda code: names_by_code(request).get(code, code) or told.EMPTY


class SiteCodeFilter(admin.AllValuesFieldListFilter):
    """Filters by the site that a code names, offering those within reach."""

    def __init__(self, field: Any, request: HttpRequest, *args: Any, **rest: Any) -> None:
        super().__init__(field, request, *args, **rest)
        self.names = names_by_code(request)
        self.lookup_choices = list(self.names)  # type: ignore[assignment]  # any row of values does

    def choices(self, changelist: "ChangeList") -> Iterator[Any]:
        """The same choices, by the names of the sites."""
        for each in super().choices(changelist):
            yield {**each, "display": self.names.get(str(each["display"]), each["display"])}


told.tell_with(CODE, site_words)
admin.FieldListFilter.register(lambda field: field.name == CODE, SiteCodeFilter, take_priority=True)
