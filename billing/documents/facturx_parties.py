"""Seller and buyer as Factur-X names them: SIREN by scheme 0002, addresses by 0225 or e-mail. Pure."""

from dataclasses import dataclass
from typing import Any

from billing.countries import FRANCE

SIREN = "0002"
FRENCH_ADDRESS = "0225"
EMAIL = "EM"


@dataclass(frozen=True, slots=True)
class Dealing:
    """What the note of the treatment (BAR) says of who deals with whom."""

    note: str
    text: str


BUSINESS_IN_FRANCE = Dealing("BAR", "B2B")
BUSINESS_ABROAD = Dealing("BAR", "B2BINT")
CONSUMER = Dealing("BAR", "B2C")


def dealing(buyer: dict[str, Any]) -> str:
    """Say who deals with whom: without a SIREN, a buyer in France is treated as a consumer (BR-FR-11)."""
    if buyer["kind"] == "consumer":
        return CONSUMER.text
    if buyer["country"] != FRANCE:
        return BUSINESS_ABROAD.text
    return BUSINESS_IN_FRANCE.text if buyer["siren"] else CONSUMER.text


def _address(party: dict[str, Any], country: str) -> dict[str, str]:
    return {
        "addr_l1": party["address"],
        "postcode": party["postcode"],
        "city": party["city"],
        "country_code": country,
    }


def _legal(siren: str) -> dict[str, str]:
    return {"legal_identifier": siren, "legal_identifier_schemeid": SIREN} if siren else {}


def _reached(siren: str, email: str) -> dict[str, str]:
    address, scheme = (siren, FRENCH_ADDRESS) if siren else (email, EMAIL)
    return {"einvoicing_addr": address, "einvoicing_addr_schemeid": scheme}


def seller_party(seller: dict[str, str]) -> dict[str, Any]:
    """Write the seller; under franchise its tax number is its SIREN and no VAT number is shown."""
    if seller["vat_regime"] == "franchise" or not seller["vat_number"]:
        tax = {"tax_identifier": seller["siren"]}
    else:
        tax = {"vat_identifier": seller["vat_number"]}
    return {
        "name": seller["name"],
        "legal_info": seller["legal_form"],
        **_address(seller, FRANCE),
        **_legal(seller["siren"]),
        **_reached(seller["siren"], seller["email"]),
        **tax,
    }


def buyer_party(buyer: dict[str, Any]) -> dict[str, Any]:
    """Write the buyer: a consumer and whoever has no SIREN are reached by e-mail.

    A VAT number stands beside the SIREN of its company, abroad alone.
    """
    business = buyer["kind"] != "consumer"
    siren = buyer["siren"] if business else ""
    numbered = bool(siren) or (business and buyer["country"] != FRANCE)
    return {
        "name": buyer["name"],
        **_address(buyer, buyer["country"]),
        **_legal(siren),
        **_reached(siren, buyer["email"]),
        **({"vat_identifier": buyer["vat_number"]} if buyer["vat_number"] and numbered else {}),
    }
