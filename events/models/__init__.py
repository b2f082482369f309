"""Events, what is sold of them, who comes."""

from events.models.attendance import Attendance, Feedback, Seat
from events.models.category import Category
from events.models.event import Event, EventRoom
from events.models.people import Organiser, Partner, Review, Speaker
from events.models.registration import Answer, Registration
from events.models.ticket import Question, TicketType
from events.models.visitor import VisitorSalt

__all__ = [
    "Answer",
    "Attendance",
    "Category",
    "Event",
    "EventRoom",
    "Feedback",
    "Organiser",
    "Partner",
    "Question",
    "Registration",
    "Review",
    "Seat",
    "Speaker",
    "TicketType",
    "VisitorSalt",
]
