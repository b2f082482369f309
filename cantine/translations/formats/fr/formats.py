"""Dates as the rest of the site says them in French: « 2 décembre 2026, 9 h 30 »."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G\u00a0\\h\u00a0i"
DATETIME_FORMAT = "j F Y, G\u00a0\\h\u00a0i"
