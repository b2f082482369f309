"""The card form of the hosted page: reading it, and saying what is wrong in French."""

import re
import time
from dataclasses import dataclass, field

from cantine.standin.cards import CARDS, passes_luhn
from cantine.standin.html import WIDE
from cantine.standin.paying import Holder

FIELDS = ("email", "number", "expiry", "cvc", "name")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
EXPIRY = re.compile(r"(\d{1,2})\s*/?\s*(?:20)?(\d{2})")


@dataclass
class CardForm:
    """What was typed, and the sentence for each field that can't be taken."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The card's digits."""
        return re.sub(r"\D", "", self.typed.get("number", ""))

    def check(self, now: int) -> bool:
        """Look at every field; True when the card can be tried."""
        self._check_number()
        if not EMAIL.fullmatch(self.typed.get("email", "").strip()):
            self.errors["email"] = f"Écrivez une adresse e-mail complète, par exemple{WIDE}: nom@exemple.fr."
        self._check_expiry(now)
        if not re.fullmatch(r"\d{3,4}", self.typed.get("cvc", "").strip()):
            self.errors["cvc"] = "Écrivez les trois chiffres du cryptogramme."
        if not self.typed.get("name", "").strip():
            self.errors["name"] = "Écrivez le nom qui figure sur la carte."
        return not self.errors

    def _check_number(self) -> None:
        if not passes_luhn(self.number) or not 12 <= len(self.number) <= 19:
            self.errors["number"] = "Ce numéro de carte n’est pas valide."
        elif self.number not in CARDS:
            self.errors["number"] = "Cette simulation n’accepte que les cartes d’essai de la liste, plus bas."

    def _check_expiry(self, now: int) -> None:
        found = EXPIRY.fullmatch(self.typed.get("expiry", "").strip())
        today = time.gmtime(now)
        if not found or not 1 <= int(found[1]) <= 12:
            self.errors["expiry"] = "Écrivez le mois et l’année, par exemple 12/34."
        elif (2000 + int(found[2]), int(found[1])) < (today.tm_year, today.tm_mon):
            self.errors["expiry"] = "Cette date est passée."

    @property
    def holder(self) -> Holder:
        """Who pays, once everything has been checked."""
        found = EXPIRY.fullmatch(self.typed["expiry"].strip())
        assert found is not None, "check() comes first"
        return Holder(
            name=self.typed["name"].strip(),
            email=self.typed["email"].strip(),
            expiry=(int(found[1]), 2000 + int(found[2])),
        )
