"""What a seller must be known by before anything is sold or numbered in its name."""

from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from billing.errors import SellerIncomplete
from billing.identifiers import check_bic, check_iban, plain_siren, plain_vat_number
from billing.models import Document, Seller

ALWAYS = ("name", "legal_form", "address", "postcode", "city", "email")
"""What every invoice says of who issues it, and where to write (art. 242 nonies A of annex II of the CGI)."""


def missing_fields(seller: Seller) -> list[str]:
    """Name the fields that an invoice of this seller would lack.

    An association without a SIREN is known by its RNA; one that charges VAT has a VAT number.
    """
    found = [name for name in ALWAYS if not getattr(seller, name)]
    if not (seller.siren or seller.rna):
        found.append("siren")
    if seller.charges_vat and not seller.vat_number:
        found.append("vat_number")
    return found


def missing_words(seller: Seller) -> list[str]:
    """Say what is missing as the form calls it."""
    words = {field.name: capfirst(str(field.verbose_name)) for field in Seller._meta.fields}
    return [words[name] for name in missing_fields(seller)]


def issues_specimens(seller: Seller) -> bool:
    """Whether documents say SPÉCIMEN: a demonstration's, and those of a trial, where no money is real."""
    return bool(seller.specimen or settings.STRIPE_TEST)


def may_issue(seller: Seller) -> bool:
    """Whether documents may be issued; a demonstration's are marked SPÉCIMEN and need nobody behind them."""
    return seller.specimen or not missing_fields(seller)


def require_complete(*sellers: Seller) -> None:
    """Raise `SellerIncomplete` where a document would not say who issues it."""
    for seller in sellers:
        if not may_issue(seller):
            raise SellerIncomplete(_said(seller, missing_words(seller)))


def check_seller(seller: Seller) -> None:
    """Refuse numbers whose keys are wrong, and emptying what documents to come need.

    A payment on its way must find a seller who can invoice it.
    """
    found: dict[str, ValidationError] = {}
    checks = {"siren": plain_siren, "vat_number": plain_vat_number, "iban": check_iban, "bic": check_bic}
    for name, check in checks.items():
        try:
            if given := getattr(seller, name):
                check(given)
        except ValidationError as error:
            found[name] = error
    if seller.pk and not seller.specimen and seller.orders.exists():
        emptied = ValidationError(_("Des commandes attendent ce vendeur\u00a0: ce champ reste rempli."))
        found |= {name: emptied for name in missing_fields(seller) if name not in found}
    if found:
        raise ValidationError(found)


def _said(seller: Seller, missing: Sequence[str]) -> str:
    return _("%(seller)s ne peut pas encore facturer. Il manque\u00a0: %(missing)s.") % {
        "seller": seller.name or seller.code,
        "missing": ", ".join(missing),
    }


def of_several_sellers(documents: QuerySet[Document]) -> bool:
    """Whether these documents are of several sellers, whose numbers are the same ones; one query."""
    return documents.order_by().values("seller").distinct()[:2].count() > 1
