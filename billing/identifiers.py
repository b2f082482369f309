"""The numbers of businesses and of bank accounts, checked by their keys (python-stdnum). Pure."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum import bic, iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.fr import siren

BAD_SIREN = _("Ce numéro SIREN n’est pas valide\u00a0: vérifiez ses neuf chiffres.")
BAD_VAT_NUMBER = _("Ce numéro de TVA n’est pas valide.")
BAD_IBAN = _("Cet IBAN n’est pas valide\u00a0: vérifiez-le sur le relevé d’identité bancaire.")
BAD_BIC = _("Ce BIC n’est pas valide\u00a0: huit ou onze caractères.")


def plain_siren(given: str) -> str:
    """Give the nine digits of a SIREN written with or without spaces; refused when its key is wrong."""
    try:
        return str(siren.validate(given))
    except BadNumber:
        raise ValidationError(BAD_SIREN) from None


def plain_vat_number(given: str) -> str:
    """Give the VAT number of any member state without spaces; refused when its key is wrong."""
    try:
        return str(vat.validate(given))
    except BadNumber:
        raise ValidationError(BAD_VAT_NUMBER) from None


def go_together(siren: str, vat_number: str) -> bool:
    """Whether two numbers, plain, may be of one company: a French VAT number ends with its SIREN."""
    return not siren or not vat_number.startswith("FR") or vat_number.endswith(siren)


def check_siren(given: str) -> None:
    """Refuse a SIREN whose key is wrong."""
    plain_siren(given)


def check_vat_number(given: str) -> None:
    """Refuse a VAT number whose key is wrong."""
    plain_vat_number(given)


def plain_iban(given: str) -> str:
    """Give an IBAN without spaces, in capitals; refused when its key is wrong."""
    try:
        return str(iban.validate(given))
    except BadNumber:
        raise ValidationError(BAD_IBAN) from None


def plain_bic(given: str) -> str:
    """Give a BIC without spaces, in capitals; refused when it is written wrong."""
    try:
        return str(bic.validate(given))
    except BadNumber:
        raise ValidationError(BAD_BIC) from None


def compact(given: str) -> str:
    """Write an account number without spaces, in capitals; whether it is right is not looked at."""
    return str(iban.compact(given))


def check_iban(given: str) -> None:
    """Refuse an IBAN whose key is wrong."""
    plain_iban(given)


def check_bic(given: str) -> None:
    """Refuse a BIC that is written wrong."""
    plain_bic(given)
