"""The few words in braces that fill themselves in a letter's text; nothing else is read in it. Pure."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NAMES = ("nom", "numero", "montant", "echeance", "retard", "vendeur")
BRACED = re.compile(r"\{([^{}]*)\}")


def unknown_in(text: str) -> list[str]:
    """List what stands in braces and is no placeholder, and braces that stand alone."""
    found = [f"{{{name}}}" for name in BRACED.findall(text) if name not in NAMES]
    return found + re.findall(r"[{}]", BRACED.sub("", text))


def check_placeholders(text: str) -> None:
    """Refuse a text with a placeholder that nobody would fill."""
    if unknown := unknown_in(text):
        raise ValidationError(
            _("Rien ne remplirait %(what)s. Se remplissent\u00a0: %(known)s."),
            params={"what": ", ".join(unknown), "known": ", ".join(f"{{{name}}}" for name in NAMES)},
        )


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the placeholders in one pass: what is put in is never read again."""
    return BRACED.sub(lambda found: values.get(found.group(1), found.group(0)), text)
