"""The numbers of businesses, checked by their keys (python-stdnum). Pure."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as BadNumber
from stdnum.fr import siren

BAD_SIREN = _("Ce numéro SIREN n’est pas valide\u00a0: vérifiez ses neuf chiffres.")
BAD_VAT_NUMBER = _("Ce numéro de TVA n’est pas valide.")


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


def check_siren(given: str) -> None:
    """Refuse a SIREN whose key is wrong."""
    plain_siren(given)


def check_vat_number(given: str) -> None:
    """Refuse a VAT number whose key is wrong."""
    plain_vat_number(given)
