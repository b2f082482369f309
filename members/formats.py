"""Dates, hours and euros as people say them, in French and English; datetimes given are already local."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
MIDNIGHT = {"fr": "minuit", "en": "midnight"}
NARROW = "\u202f"
JOINER = "\u2060"
"""After the dash of two hours: a browser breaks a line there, whatever space follows."""
MINUS = "\u2212"

_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_SHORT_DAYS = {
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_SHORT_MONTHS = {
    "fr": (
        "janv.", "févr.", "mars", "avr.", "mai", "juin",
        "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}  # fmt: skip


def known(language: str | None) -> str:
    """Bring a language tag back to one of ours; French when in doubt."""
    return "en" if (language or "").lower().startswith("en") else "fr"


def euros(amount: Decimal | int, language: str = "fr") -> str:
    """Say a sum of euros with two places: « 1 234,50 € », "€1,234.50"."""
    exact = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    sign = MINUS if exact < 0 else ""
    digits = f"{abs(exact):,.2f}"
    if known(language) == "en":
        return f"{sign}€{digits}"
    return sign + digits.replace(",", NARROW).replace(".", ",") + f"{NBSP}€"


def hour(when: datetime | time, language: str = "fr") -> str:
    """Say an hour of the day: « 9 h », « 9 h 30 »; "9:00", "9:30"."""
    if known(language) == "en":
        return f"{when.hour}:{when.minute:02}"
    minutes = f"{NBSP}{when.minute:02}" if when.minute else ""
    return f"{when.hour}{NBSP}h{minutes}"


def last_hour(when: datetime, language: str = "fr") -> tuple[date, str]:
    """Say until when: midnight is of the day that ends with it, as people count (« jeudi, minuit »)."""
    if when.time() == time(0):
        return when.date() - timedelta(days=1), MIDNIGHT[known(language)]
    return when.date(), hour(when, language)


def hours(start: datetime | time, end: datetime | time, language: str = "fr") -> str:
    """Say from when to when, within a day: « 9 h – 13 h », which stays on one line."""
    return f"{hour(start, language)}{NBSP}–{JOINER}{NBSP}{hour(end, language)}"


def plain(said: str) -> str:
    """The same without what only a page needs: for what is stored, for calendars, for letters as text."""
    return said.replace(JOINER, "")


def _number(day_of_month: int, language: str) -> str:
    return "1er" if day_of_month == 1 and language == "fr" else str(day_of_month)


def day(when: date, language: str = "fr", year: bool = False) -> str:
    """Say a day: « mardi 24 novembre », "Tuesday 24 November"; with its year when asked."""
    tongue = known(language)
    words = [_DAYS[tongue][when.weekday()], _number(when.day, tongue), _MONTHS[tongue][when.month - 1]]
    if year:
        words.append(str(when.year))
    return " ".join(words)


def day_short(when: date, language: str = "fr") -> str:
    """Say a day in little room: « mar. 24 nov. », "Tue 24 Nov"."""
    tongue = known(language)
    return (
        f"{_SHORT_DAYS[tongue][when.weekday()]} {_number(when.day, tongue)} "
        f"{_SHORT_MONTHS[tongue][when.month - 1]}"
    )


def month(when: date, language: str = "fr") -> str:
    """Say a month: « novembre 2026 », "November 2026"."""
    return f"{_MONTHS[known(language)][when.month - 1]} {when.year}"


def month_short(when: date, language: str = "fr", year: bool = False) -> str:
    """Say a month in little room: « nov. », « nov. 2026 », "Nov"."""
    said = _SHORT_MONTHS[known(language)][when.month - 1]
    return f"{said} {when.year}" if year else said


def date_long(when: date, language: str = "fr") -> str:
    """Say a date without its weekday, for documents and versions: « 24 novembre 2026 »."""
    tongue = known(language)
    return f"{_number(when.day, tongue)} {_MONTHS[tongue][when.month - 1]} {when.year}"


def date_short(when: date, language: str = "fr") -> str:
    """Say a date in little room, for columns: « 24 nov. 2026 »."""
    tongue = known(language)
    return f"{_number(when.day, tongue)} {_SHORT_MONTHS[tongue][when.month - 1]} {when.year}"


def moment(when: datetime, language: str = "fr") -> str:
    """Say a day and an hour in little room, for columns: « 24 nov. 2026, 9 h 30 »."""
    return f"{date_short(when, language)}, {hour(when, language)}"


def span(start: datetime, end: datetime, language: str = "fr", year: bool = False) -> str:
    """Say from when to when over one day or several, whole days without hours.

    « mardi 1er décembre, toute la journée », « mardi 1er décembre, 9 h – 13 h », « du mardi 1er décembre au
    jeudi 3 décembre », « du mardi 1er décembre, 13 h au jeudi 3 décembre, 9 h »; what ends at midnight ends
    the day before.
    """
    french = known(language) == "fr"
    whole = start.time() == end.time() == time()
    last = end - timedelta(days=1) if end.time() == time() else end
    first_day, last_day = day(start, language, year), day(last, language, year)
    if whole and start.date() == last.date():
        return f"{first_day}, {'toute la journée' if french else 'all day'}"
    if start.date() == last.date():
        return f"{first_day}, {hours(start, end, language)}"
    if not whole:
        first_day, last_day = (f"{day(one, language, year)}, {hour(one, language)}" for one in (start, end))
    return f"du {first_day} au {last_day}" if french else f"{first_day} to {last_day}"
