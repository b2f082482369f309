"""The site of an address, and what a booking page must know of who reads it."""

from dataclasses import dataclass

from django.http import Http404

from bookings.models import Site
from bookings.views.payers import Payers, customers_of, read_payers
from bookings.views.requests import PageRequest


@dataclass(frozen=True)
class Where:
    """The site of the address, all open ones, and in whose name this person may book."""

    site: Site
    sites: list[Site]
    payers: Payers


def where(code: str, request: PageRequest) -> Where:
    """Read the sites and the payers in one query; 404 for a site that is not open, or a stranger's payer."""
    posted, user = request.method == "POST", request.user
    open_sites = Site.objects.open().select_related("seller")
    if user.is_authenticated:
        open_sites = open_sites.annotate(customers=customers_of(user))
    sites = list(open_sites)
    site = next((each for each in sites if each.code == code), None)
    if site is None:
        raise Http404
    data = request.POST if posted else request.GET
    payers = read_payers(user, getattr(site, "customers", ()), data, request.session, posted=posted)
    return Where(site, sites, payers)
