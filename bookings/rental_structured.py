"""A rentable space as search engines read it (schema.org)."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString

from bookings.models import Site
from bookings.rental_pricing import From
from bookings.services.availability.taken import features_of
from bookings.services.rentals.offering import Offered
from members.structured import SCHEMA, in_script

UNITS = {"hour": {"unitCode": "HUR"}, "half_day": {"unitText": "half-day"}, "day": {"unitCode": "DAY"}}


def structured(offer: Offered, *, site: Site) -> SafeString:
    """Describe a rentable space; addresses are absolute."""
    rental, url = offer.rental, settings.PUBLIC_URL + offer.rental.get_absolute_url()
    found = {
        "@context": "https://schema.org",
        "@type": "EventVenue",
        "@id": url,
        "url": url,
        "name": offer.space.label,
        "description": rental.pitch_said,
        "image": [picture_address(each.large) for each in rental.pictures.all()],
        "maximumAttendeeCapacity": rental.most,
        "amenityFeature": [
            {"@type": "LocationFeatureSpecification", "name": name, "value": True}
            for name in features_of(offer.space)[0]
        ],
        "address": address_of(site),
        "telephone": site.phone,
    }
    said = {name: value for name, value in found.items() if value not in ("", [])}
    return in_script(said | ({"makesOffer": offer_of(offer.least, url)} if offer.least else {}))


def address_of(site: Site) -> dict[str, str]:
    """Where the site is."""
    return {
        "@type": "PostalAddress",
        "streetAddress": site.address,
        "postalCode": site.postcode,
        "addressLocality": site.city,
        "addressCountry": site.country,
    }


def offer_of(least: From, url: str) -> dict[str, Any]:
    """The least price, without VAT."""
    return {
        "@type": "Offer",
        "url": f"{url}#demande",
        "availability": f"{SCHEMA}InStock",
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": f"{least.excl:.2f}",
            "priceCurrency": "EUR",
            "valueAddedTaxIncluded": not least.rate,
            **UNITS[least.unit],
        },
    }


def picture_address(name: str) -> str:
    """The absolute address of a picture."""
    return f"{settings.PUBLIC_URL}{reverse('bookings:rent_picture', args=[name])}"
