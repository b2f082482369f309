"""The site of an address, and what a booking page must know of who reads it."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404

from bookings.models import Site
from bookings.services.premises import Premises
from bookings.services.rules import Rules
from bookings.services.standing import Standing, standing
from bookings.views.payers import Payers, read_payers
from bookings.views.requests import PageRequest


@dataclass(frozen=True)
class Where:
    """The site of the address, who reads the page, and in whose name they may book."""

    site: Site
    standing: Standing
    payers: Payers

    @property
    def premises(self) -> Premises:
        """All sites, spaces, hours and prices."""
        return self.standing.premises

    @property
    def sites(self) -> list[Site]:
        """All that take bookings."""
        return self.premises.open_sites

    @property
    def rules(self) -> Rules:
        """Hours and prices for the payer chosen."""
        customer = self.payers.chosen.customer
        return self.standing.rules(self.site, customer.organisation_id if customer is not None else None)


def where(code: str, day: date, request: PageRequest, *, habits: bool = False, prices: bool = True) -> Where:
    """Read premises and payers in one query; 404 for a site that is not open, or a stranger's payer."""
    posted, user = request.method == "POST", request.user
    found = standing(user, site_code=code, day=day, habits=habits, prices=prices)
    site = next((each for each in found.premises.open_sites if each.code == code), None)
    if site is None:
        raise Http404
    data = request.POST if posted else request.GET
    payers = read_payers(user, found.customers, data, request.session, posted=posted)
    return Where(site, found, payers)
