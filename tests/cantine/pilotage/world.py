"""A small world with known answers: two sites, a few documents, a budget, a target."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from billing.models import Order, Product
from billing.orders.services import NewLine, place_order
from billing.settlement.services import take_at_desk
from bookings.models import Site
from cantine.models import BudgetLine, Target
from members.models import User
from tests.factories.billing import make_customer, make_product, new_line
from tests.factories.bookings import NOW, make_site

MONTH = date(2026, 11, 1)
BEFORE = datetime(2026, 10, 20, 10, tzinfo=NOW.tzinfo)
A_YEAR_AGO = datetime(2025, 10, 20, 10, tzinfo=NOW.tzinfo)


def article(site: Site, category: str) -> Product:
    """Something sold at 20 % of VAT that counts in a category; made once."""
    found = Product.objects.filter(seller=site.seller, report_category=category).first()
    return found or make_product(site.seller, report_category=category)


def order(site: Site, *lines: NewLine, now: datetime, expires: datetime | None = None) -> Order:
    """An order at a site."""
    with transaction.atomic():
        return place_order(
            customer=make_customer(),
            seller=site.seller,
            site_code=site.code,
            lines=list(lines),
            by=None,
            expires_at=expires or now + timedelta(minutes=15),
            now=now,
        )


def sold(site: Site, category: str, price: str, *, now: datetime, by: User) -> Order:
    """Something sold and invoiced at a price with VAT."""
    made = order(site, new_line(article(site, category), price), now=now)
    take_at_desk(order=made, method="cash", by=by, now=now)
    return made


def make_budget(site: Site, month: date, *, costs: str = "1000", grants: str = "500") -> None:
    """What a site costs and is granted in a month."""
    for kind, label, amount in (("cost", "Loyer", costs), ("grant", "Subvention", grants)):
        BudgetLine.objects.create(site=site, kind=kind, label=label, month=month, amount=Decimal(amount))


class World:
    """Own income of Falaise, euros without VAT: 100 a year ago; in October 300 of desks, 60 of rooms, 40 of
    events, 10 of others; in November 50 of desks. Vernon: 1 000 in October."""

    def __init__(self, boss: User) -> None:
        self.site, self.other = make_site(name="Falaise"), make_site(name="Vernon")
        sold(self.site, "postes", "120.00", now=A_YEAR_AGO, by=boss)
        sold(self.site, "postes", "360.00", now=BEFORE, by=boss)
        sold(self.site, "salles", "72.00", now=BEFORE + timedelta(hours=1), by=boss)
        sold(self.site, "evenements", "48.00", now=BEFORE + timedelta(hours=2), by=boss)
        sold(self.site, "tasses", "12.00", now=BEFORE + timedelta(hours=3), by=boss)
        sold(self.site, "postes", "60.00", now=NOW, by=boss)
        sold(self.other, "postes", "1200.00", now=BEFORE, by=boss)
        for number in (10, 11, 12):
            make_budget(self.site, date(2026, number, 1))
        make_budget(self.site, date(2025, 10, 1))
        Target.objects.create(
            site=self.site, start_month=date(2026, 8, 1), start_percent=20, due_month=date(2027, 8, 1)
        )
