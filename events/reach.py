"""Which rows of this room lie within a manager's sites: an event takes place at one."""

from bookings.reach import by_site
from events.models import Category, Event, Feedback, Registration, TicketType
from members import reach

OF_A_SITE = {Event: "site", Registration: "event__site", TicketType: "event__site", Feedback: "event__site"}
"""model → the way to its site."""


def register() -> None:
    """Fill the registry below."""
    reach.share(Category)
    for model, path in OF_A_SITE.items():
        reach.register(model, by_site(path))
