"""Who invoices, from the answers."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from billing.models import Seller
from billing.sellers import check_seller
from cantine.setup.answers import Section
from cantine.setup.writing import Report, put

FIELDS = (
    "name",
    "legal_form",
    "address",
    "postcode",
    "city",
    "siren",
    "siret",
    "vat_number",
    "rna",
    "email",
    "phone",
    "vat_regime",
    "vat_on_debits",
    "iban",
    "bic",
    "mediator",
    "refund_approval_above",
)
SPACED = ("siren", "siret", "vat_number", "iban", "bic")
"""Numbers that people write in groups."""


def standing(code: str = "") -> Seller | None:
    """The seller that the answers speak of: the one of this code, or the only real one."""
    sellers = Seller.objects.filter(specimen=False)
    if code:
        return sellers.filter(code=code).first()
    found = list(sellers[:2])
    return found[0] if len(found) == 1 else None


def write(section: Section, report: Report) -> Seller | None:
    """Step: make or change the seller; None when something is wrong, or when there is none to change."""
    section.only("code", *FIELDS)
    code = section.text("code")
    seller = standing(code) or Seller(code=code or slugify(section.text("name"))[:32])
    given = {name: section.values[name] for name in FIELDS if name in section.values}
    for name in SPACED:
        if isinstance(given.get(name), str):
            given[name] = given[name].replace(" ", "").upper()
    if not seller.code and "name" not in given:
        section.refuse("name", "say the name of the association or company that invoices.")
        return None
    if not put(seller, given, section=section, report=report, called=f"seller {seller.code}"):
        return None
    try:
        check_seller(seller)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            section.refuse(name, " ".join(messages))
    return seller
