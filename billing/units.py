"""What a line counts in: codes in the rows, words on pages and documents."""

from decimal import ROUND_CEILING, Decimal

from django.utils.translation import ngettext

from members.formats import NBSP, known


def counted(quantity: Decimal, unit: str, language: str) -> str:
    """Say « 1 demi-journée », « 2,5 heures » in the active language, which is `language`."""
    text = f"{quantity.normalize():f}"
    said = text if known(language) == "en" else text.replace(".", ",")
    return f"{said}{NBSP}{word(quantity, unit, language)}".strip(f"{NBSP} ")


def word(quantity: Decimal, unit: str, language: str) -> str:
    """The word for a unit, in the plural from 2 on in French and from more than 1 on in English."""
    many = int(quantity.to_integral_value(ROUND_CEILING)) if known(language) == "en" else int(quantity)
    words = {
        "half_day": ngettext("demi-journée", "demi-journées", many),
        "day": ngettext("journée", "journées", many),
        "hour": ngettext("heure", "heures", many),
        "seat": ngettext("place", "places", many),
        "person": ngettext("personne", "personnes", many),
    }
    return words.get(unit, unit)
