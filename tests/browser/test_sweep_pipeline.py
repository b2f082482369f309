"""The manager's pages of rentals, full: requests at every stage, their records, the sheet of a day."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from bookings.models import RentalQuote, RentalRequest
from tests.browser import steps
from tests.browser.sweep import swept
from tests.browser.world import House, make_house
from tests.factories.demo import make_projects
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]


@pytest.fixture
def house() -> House:
    house = make_house()
    make_projects([house.site], by=make_user(role="manager"), now=timezone.now())
    return house


def test_requests_at_every_stage_their_records_and_the_sheet(page: Page, house: House) -> None:
    steps.sign_in(page, make_user(role="manager"))
    won = RentalQuote.objects.filter(request__state="won").earliest("pk")
    day = won.period.local(house.site.zone).start.date()
    waiting = RentalRequest.objects.filter(state="received").earliest("pk")
    swept(
        page,
        [
            reverse("admin:rentals"),
            reverse("admin:rentals") + "?etape=perdue&depuis=0",
            reverse("admin:bookings_rentalrequest_change", args=[won.request_id]),
            reverse("admin:bookings_rentalrequest_change", args=[waiting.pk]),
            reverse("admin:day_sheet") + f"?jour={day}",
        ],
    )
