"""`{% load pilotage %}`: sums and shares as « Pilotage » says them, without cents."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.template.defaultfilters import date as written
from django.utils.translation import get_language

from cantine.pilotage.figures import heat
from members.formats import MINUS, NARROW, NBSP, known

register = template.Library()


@register.filter
def whole_euros(amount: Decimal | None) -> str:
    """« 1 234 € », to the nearest euro."""
    if amount is None or amount == "":
        return ""
    exact = int(Decimal(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    sign, digits = MINUS if exact < 0 else "", f"{abs(exact):,}"
    if known(get_language()) == "en":
        return f"{sign}€{digits}"
    return sign + digits.replace(",", NARROW) + f"{NBSP}€"


@register.filter
def rounded(amount: Decimal) -> str:
    """« 1 234 », to the nearest euro, where a whole table is in euros."""
    exact = int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return (MINUS if exact < 0 else "") + counted(abs(exact))


@register.filter
def percent(share: object) -> str:
    """« 41 % »; a dash where it is not known."""
    if not isinstance(share, int):
        return "–"
    sign = MINUS if share < 0 else ""
    return f"{sign}{abs(share)}" + ("%" if known(get_language()) == "en" else f"{NBSP}%")


@register.filter
def signed_percent(share: int) -> str:
    """« + 12 % »."""
    return percent(share) if share < 0 else f"+{NBSP}{percent(share)}"


@register.filter
def month_initial(month: date) -> str:
    """« n » for November."""
    return written(month, "F")[:1].lower()


@register.filter
def group_amount(amounts: dict[str, Decimal], name: str) -> Decimal:
    """What a group brought in."""
    return amounts[name]


@register.filter
def counted(number: int) -> str:
    """« 26 573 », "26,573"."""
    digits = f"{number:,}"
    return digits if known(get_language()) == "en" else digits.replace(",", NARROW)


@register.filter
def of_key(words: dict[int, str], key: int) -> str:
    """What a key stands for."""
    return str(words[key])


@register.filter
def shade(share: int) -> int:
    """The shade of a percentage, from 0 to 4, by fifths of a hundred."""
    return heat.shade(share, 100)


@register.filter
def quarter(first: date) -> str:
    """« T4 2026 », "Q4 2026"."""
    letter = "Q" if known(get_language()) == "en" else "T"
    return f"{letter}{(first.month + 2) // 3}{NBSP}{first.year}"
