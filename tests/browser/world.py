"""Where journeys happen: Rouen as the demonstration draws it, open every day so that tomorrow is."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from bookings.models import Booking, OpeningHours, Site, Space
from bookings.period import Period, at
from cantine.demo import places
from members.legal_pages import seed
from members.models import Page, User
from tests.factories.billing import make_mentions
from tests.factories.bookings import make_booking, make_confirmed
from tests.factories.members import make_user

PARIS = ZoneInfo("Europe/Paris")
NOON = time(13)


@dataclass(frozen=True)
class House:
    """The site of a journey."""

    site: Site
    tomorrow: date

    def desk(self, number: int) -> Space:
        """A desk of the plan."""
        return self.site.spaces.get(kind=Space.Kind.DESK, number=number)

    def room(self, code: str) -> Space:
        """A room of the plan: pommier, poirier, or verger which is both."""
        return self.site.spaces.get(code=code)

    def morning(self) -> Period:
        """Tomorrow's morning."""
        return self.hours(9, 13)

    def hours(self, start: int, end: int) -> Period:
        """Some hours of tomorrow."""
        return Period(at(self.tomorrow, time(start), PARIS), at(self.tomorrow, time(end), PARIS))

    def desks(self, number: int | None = None) -> str:
        """The address of tomorrow morning's desks."""
        chosen = f"&poste={number}" if number else ""
        return f"/{self.site.code}/reserver/{self.tomorrow}/?moment=matin{chosen}"

    def rooms(self, code: str = "") -> str:
        """The address of tomorrow's week of a room."""
        return f"/{self.site.code}/salles/{self.tomorrow}/" + (f"?salle={code}" if code else "")


def make_house() -> House:
    """Furnish Rouen: cancelling is free until the last minute of the eve, whenever the tests run."""
    make_mentions()
    seed(Page, date(2020, 1, 1))
    site = places.build(since=date(2020, 1, 1))[0]
    for weekday in (5, 6):
        OpeningHours.objects.create(site=site, weekday=weekday, half="morning", opens=time(9), closes=NOON)
        OpeningHours.objects.create(site=site, weekday=weekday, half="afternoon", opens=NOON, closes=time(18))
    site.holidays_open, site.free_cancellation_time, site.free_cancellation_hours = True, time(23, 59), 0
    site.save()
    return House(site, timezone.now().astimezone(PARIS).date() + timedelta(days=1))


def make_long_named(name: str = "Anne-Charlotte Essaidunnomdefamillelong") -> User:
    """Someone whose name and address fill a narrow page."""
    return make_user(name=name, email="anne-charlotte.essaidunnomlong@cooperative-des-essais.example")


def booked(house: House, user: User) -> tuple[Booking, Booking]:
    """A desk held, a room confirmed on invoice."""
    now = timezone.now()
    held = make_booking(space=house.desk(8), period=house.morning(), user=user, now=now)
    room = house.room("poirier")
    return held, make_confirmed(space=room, period=house.hours(14, 16), user=user, now=now)
