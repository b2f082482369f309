"""The manager's pages of rentals, full: requests at every stage, their records, the sheet of a day."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from bookings.models import RentalQuote, RentalRequest
from cantine.demo.projects import one_a_way
from tests.browser import steps
from tests.browser.sweep import TWO, swept
from tests.browser.world import House, make_house
from tests.factories.demo import make_projects
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]


EACH_STAGE = {"new", "sent", "confirmed", "over", "paid", "lost"}
"""Ways that end at each stage; each other one in the soak."""


@pytest.fixture
def house(swept_how: str) -> House:
    house, every = make_house(), one_a_way()
    wanted = every if swept_how == "every way" else tuple(each for each in every if each.way in EACH_STAGE)
    make_projects([house.site], by=make_user(role="manager"), now=timezone.now(), wanted=wanted)
    return house


def test_requests_at_every_stage_their_records_and_the_sheet(page: Page, house: House) -> None:
    steps.sign_in(page, make_user(role="manager"))
    won = RentalQuote.objects.filter(request__state="won").earliest("pk")
    day = won.period.local(house.site.zone).start.date()
    waiting = RentalRequest.objects.filter(state="received").earliest("pk")
    full = reverse("admin:rentals")
    records = [
        reverse("admin:bookings_rentalrequest_change", args=[each]) for each in (won.request_id, waiting.pk)
    ]
    swept(page, [full, *records])
    swept(page, [f"{full}?etape=perdue&depuis=0", reverse("admin:day_sheet") + f"?jour={day}"], ways=TWO)
