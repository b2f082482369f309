"""The demonstration's projects in a house of their own, without the year of bookings around them."""

from datetime import date, datetime

from bookings.models import Site
from cantine.demo import collecting, rentals
from cantine.demo.diary import Diary
from cantine.demo.projects import Wanted, one_a_way
from members.models import User

SINCE = date(2020, 1, 1)


def make_projects(
    sites: list[Site], *, by: User, now: datetime, wanted: tuple[Wanted, ...] | None = None
) -> None:
    """Write what was asked at `sites`, one project a way if nothing else is said, as it stands at `now`."""
    diary = Diary(now)
    rentals.build(sites=sites, since=SINCE, diary=diary, wanted=wanted or one_a_way(), by=by)
    collecting.note_letters(diary=diary, since=SINCE, zone=sites[0].zone)
    diary.live_until(now)
