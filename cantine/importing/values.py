"""What people write in cells: days, hours, addresses. Pure; what can't be read is a ValueError with words."""

import re
from datetime import date, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00)?)?$")
FRENCH = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$")
CLOCK = re.compile(r"^(\d{1,2})\s*(?:[hH:]\s*(\d{2})?)?(?::00)?$")
CENTURY = 2000
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
LONGEST_ADDRESS = 254


def day(text: str) -> date:
    """A day as « 31/12/2026 », « 31.12.26 » or 2026-12-31."""
    if found := ISO.match(text):
        year, month, number = map(int, found.groups())
    elif found := FRENCH.match(text):
        number, month, year = map(int, found.groups())
        year += CENTURY if len(found.group(3)) == 2 else 0
    else:
        raise ValueError(_("Écrivez une date comme 31/12/2026."))
    try:
        read = date(year, month, number)
    except ValueError:
        raise ValueError(_("Cette date n’existe pas.")) from None
    if not FIRST <= read <= LAST:
        raise ValueError(_("Cette date n’est pas de notre temps."))
    return read


def clock(text: str) -> time:
    """A time as « 9 h », « 9h30 » or 09:30."""
    found = CLOCK.match(text)
    if found is None or int(found.group(1)) > 23 or int(found.group(2) or 0) > 59:
        raise ValueError(_("Écrivez une heure comme 9h30."))
    return time(int(found.group(1)), int(found.group(2) or 0))


def address(text: str) -> str:
    """An e-mail address, in small letters."""
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError(_("Cette adresse électronique ne convient pas.")) from None
    if len(text) > LONGEST_ADDRESS:
        raise ValueError(_("Cette adresse électronique est trop longue."))
    return text.lower()


def short(text: str, most: int) -> str:
    """A text that fits."""
    if len(text) > most:
        raise ValueError(_("Ce texte est trop long\u00a0: %(most)s caractères au plus.") % {"most": most})
    return text
