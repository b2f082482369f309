"""Days and sites in addresses."""

from datetime import date


class DayConverter:
    """`2026-11-24` in an address; what is no day, or cannot be a booking's, is no address of ours."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Read a day; raising ValueError makes the address a 404."""
        day = date.fromisoformat(value)
        if not 2000 <= day.year <= 2999:
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        """Write a day."""
        return value if isinstance(value, str) else value.isoformat()
