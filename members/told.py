"""Fields of rows as the lists and read-only forms of /gestion/ tell them: dates, hours, euros, yes and no."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Field, Model
from django.db.models.options import Options
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from members import formats
from members.templatetags.formats import date_short, euros, hour, moment

EMPTY = "–"
RATES = frozenset({"rate", "vat_rate"})
QUANTITIES = frozenset({"quantity"})
Words = Callable[[Any], str]
_makers: dict[str, Callable[[HttpRequest], Words]] = {}


def tell_with(name: str, maker: Callable[[HttpRequest], Words]) -> None:
    """Declare what tells the fields of that name on the page asked for; it may keep what it reads there."""
    _makers[name] = maker


@dataclass(frozen=True)
class Told:
    """A field of a model that Django would show in its own way; stands in its place in `list_display`."""

    name: str
    words: Callable[[Any], str]
    field: "Field[Any, Any]"

    @property
    def __name__(self) -> str:  # read by Django for the classes of a column
        return self.name

    @property
    def short_description(self) -> str:
        """The heading of its column."""
        return str(self.field.verbose_name)

    @property
    def admin_order_field(self) -> str:
        """What its column sorts by."""
        return self.name

    def __call__(self, obj: Model) -> str:
        value = getattr(obj, self.name)
        return EMPTY if value is None else self.words(value)


def percent(rate: Decimal) -> str:
    """« 20 % », « 5,5 % »."""
    return f"{quantity(rate)}{formats.NBSP}%"


def quantity(number: Decimal) -> str:
    """« 1 », « 2,5 »."""
    text = f"{number.normalize():f}"
    return text if formats.known(get_language()) == "en" else text.replace(".", ",")


def yes_or_no(value: bool) -> str:
    """In words, since Django's small pictures say « True »."""
    return gettext("oui") if value else gettext("non")


def words_for(field: "Field[Any, Any]", request: HttpRequest) -> Words | None:
    """How the values of a field are told; None for those that Django tells well."""
    if field.name in _makers:
        return _makers[field.name](request)
    if field.choices:
        return None
    if isinstance(field, models.DecimalField):
        return percent if field.name in RATES else quantity if field.name in QUANTITIES else euros
    kinds: tuple[tuple[type[Any], Words], ...] = (
        (models.DateTimeField, moment),
        (models.DateField, date_short),
        (models.TimeField, hour),
        (models.BooleanField, yes_or_no),
    )
    return next((words for kind, words in kinds if isinstance(field, kind)), None)


def told(options: "Options[Any]", name: Any, request: HttpRequest) -> Any:
    """`name`, or what tells the field of that name."""
    if not isinstance(name, str):
        return name
    try:
        field = options.get_field(name)
    except FieldDoesNotExist:
        return name
    if not isinstance(field, Field):
        return name
    words = words_for(field, request)
    return name if words is None else Told(name, words, field)


def told_among(
    options: "Options[Any]", names: Iterable[Any], read_only: frozenset[Any] | None, request: HttpRequest
) -> list[Any]:
    """Each of `names` that is read-only as it is told (all when that is None)."""
    found: list[Any] = []
    for name in names:
        if isinstance(name, list | tuple):
            found.append(tuple(told_among(options, name, read_only, request)))
        else:
            is_told = read_only is None or name in read_only
            found.append(told(options, name, request) if is_told else name)
    return found
