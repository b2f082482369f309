"""The demonstration's months on invoice: written in few statements, they are what everyone's bookings are."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from billing.models import Document
from bookings.errors import AlreadyTaken
from bookings.models import Booking, Occupancy, Presence
from bookings.period import Period, at
from bookings.services.booking import book_space
from cantine.audit import money, places
from cantine.demo import accounts
from cantine.demo.accounts import Wish
from tests.factories.billing import make_organisation_customer
from tests.factories.bookings import NOW, PARIS, TOMORROW, make_house
from tests.factories.members import make_organisation, make_user

pytestmark = pytest.mark.django_db
SATURDAY = TOMORROW + timedelta(days=3)
LATER = at(TOMORROW, time(12), PARIS)


def test_a_month_on_invoice_takes_what_is_open_and_free_at_the_price_of_everyone() -> None:
    site, user, manager = make_house(), make_user(), make_user(role="manager")
    customer = make_organisation_customer(make_organisation(user))
    desk, room, joined = (site.spaces.get(code=code) for code in (site.spaces.get(number=1).code, "a", "ab"))
    order = accounts.order_month(
        site,
        customer,
        [
            Wish(desk, TOMORROW, user, half="day"),
            Wish(desk, TOMORROW, user, half="morning"),  # taken by the one before
            Wish(desk, SATURDAY, user, half="day"),  # closed
            Wish(room, TOMORROW, user, hours=(time(10), time(12))),
            Wish(joined, TOMORROW, user, hours=(time(11), time(13))),  # a part of it is taken
        ],
        by=manager,
        now=NOW,
        until=LATER,
    )
    assert order is not None
    document = Document.objects.get(order=order)
    assert (document.total_incl, document.lines.count()) == (Decimal("51.00"), 2)  # 15 € and 2 × 18 €
    assert set(Booking.objects.values_list("space", "state")) == {
        (desk.pk, "confirmed"), (room.pk, "confirmed"),
    }  # fmt: skip
    assert Occupancy.objects.count() == 2
    assert Presence.objects.filter(arrived_at__lte=LATER).count() <= 2
    period = Period(at(TOMORROW, time(11), PARIS), at(TOMORROW, time(12), PARIS))
    with pytest.raises(AlreadyTaken):
        book_space(space=joined, period=period, customer=customer, by=manager, now=NOW)
    for check in (places.bookings_that_contradict_their_order, places.bookings_without_their_places,
                  money.orders_without_their_invoice, money.documents_that_do_not_add_up,
                  money.broken_document_chains):  # fmt: skip
        assert list(check()) == []
