"""The site of an address, and what a booking page must know of who reads it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists
from django.http import Http404

from billing.models import Customer
from bookings.models import Site


@dataclass(frozen=True)
class Where:
    """The site of the address, all open ones, and whether this person pays on invoice."""

    site: Site
    sites: list[Site]
    terms: bool


def where(code: str, user: Any) -> Where:
    """Read the sites and this person's terms in one query; 404 for a site that is not open."""
    terms = Customer.objects.filter(user=user.pk, user__isnull=False, terms_days__isnull=False)
    sites = list(Site.objects.open().select_related("seller").annotate(on_terms=Exists(terms)))
    site = next((each for each in sites if each.code == code), None)
    if site is None:
        raise Http404
    return Where(site, sites, bool(getattr(site, "on_terms", False)))
