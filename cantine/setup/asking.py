"""The same answers as a file's, asked one by one: what stands is proposed, and kept by Enter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model

from billing.identifiers import check_bic, check_iban, plain_siren, plain_vat_number
from bookings.models.site import known_time_zone
from cantine.setup import sellers, sites

Ask = Callable[[str], str]
Say = Callable[[str], object]


@dataclass(frozen=True)
class Question:
    """One question: the answer goes under `key`; `check` raises ValidationError on what it refuses."""

    key: str
    words: str
    needed: bool = False
    check: Callable[[str], object] | None = None


def _one_of(*known: str) -> Callable[[str], None]:
    def check(given: str) -> None:
        if given not in known:
            raise ValidationError(f"Answer one of: {', '.join(known)}.")

    return check


def _hours(given: str) -> None:
    if sites.span_of(given) is None:
        raise ValidationError("Write hours as 09:00-13:00.")


def _price(given: str) -> None:
    try:
        Decimal(given.replace(",", "."))
    except InvalidOperation:
        raise ValidationError("Write a price as 9.00, in euros.") from None


def _file(given: str) -> None:
    if not Path(given).is_file():
        raise ValidationError("There is no such file.")


SELLER = (
    Question("name", "Name of the association or company that invoices", needed=True),
    Question("legal_form", "Legal form", needed=True),
    Question("address", "Street", needed=True),
    Question("postcode", "Postcode", needed=True),
    Question("city", "Town", needed=True),
    Question("siren", "SIREN (an association without one gives its RNA next)", check=plain_siren),
    Question("rna", "RNA"),
    Question(
        "vat_regime", "VAT regime: real, franchise or exempt", check=_one_of("real", "franchise", "exempt")
    ),
    Question("vat_number", "VAT number (where the regime is real)", check=plain_vat_number),
    Question("email", "E-mail for questions about invoices", needed=True, check=validate_email),
    Question("phone", "Telephone"),
    Question("iban", "IBAN, printed on what is due by transfer", check=check_iban),
    Question("bic", "BIC", check=check_bic),
    Question("mediator", "Consumer mediator: name, address, site"),
)
SITE = (
    Question("name", "Name of the site, as in « Rouen »", needed=True),
    Question("place", "Name of the building"),
    Question("address", "Street", needed=True),
    Question("postcode", "Postcode", needed=True),
    Question("city", "Town", needed=True),
    Question("timezone", "Time zone", check=known_time_zone),
    Question("email", "E-mail for visitors", check=validate_email),
    Question("phone", "Telephone"),
    Question("door", "Entrance"),
    Question("directions", "How to come"),
)
HOURS = (
    Question("days", "Open on (as monday-friday)"),
    Question("morning", "Morning (as 09:00-13:00)", check=_hours),
    Question("afternoon", "Afternoon (as 13:00-18:00)", check=_hours),
)
PRICES = (
    ("desk", "half_day", "A desk for half a day"),
    ("desk", "day", "A desk for a day"),
    ("room", "hour", "A room for an hour"),
    ("booth", "hour", "A booth for an hour"),
)
PRODUCTS: dict[str, dict[str, str]] = {
    "desk": {"code": "poste", "name": "Poste de travail", "name_en": "Desk", "report_category": "postes"},
    "room": {
        "code": "salle",
        "name": "Salle de réunion",
        "name_en": "Meeting room",
        "report_category": "salles",
    },
    "booth": {"code": "cabine", "name": "Cabine", "name_en": "Booth", "report_category": "salles"},
}
MANAGER = (
    Question("email", "E-mail of the first manager", check=validate_email),
    Question("name", "First name and name"),
)
TREASURER = (
    Question("email", "E-mail of the treasurer (Enter: none, or as it stands)", check=validate_email),
    Question("name", "First name and name"),
)
MAIL = (Question("test_to", "Send a test mail to (Enter: none)", check=validate_email),)


class Asker:
    """Asks on a terminal; `ask` gives a line, `say` shows one."""

    def __init__(self, ask: Ask, say: Say) -> None:
        self.ask, self.say = ask, say

    def all(self) -> dict[str, Any]:
        """Ask everything; what was left as it stands is not in the answers."""
        self.say("Enter keeps what stands between brackets; a dash empties it.")
        given: dict[str, Any] = {}
        self._one(given, "seller", SELLER, sellers.standing())
        site = sites.standing()
        self._one(given, "site", SITE, site)
        has_hours = site is not None and site.opening_hours.exists()
        if hours := self._group("Opening hours", HOURS, needed=not has_hours):
            given["hours"] = [hours]
        self._spaces(given, has_some=site is not None and site.spaces.exists())
        self._prices(given)
        self._one(given, "manager", MANAGER, None)
        self._one(given, "treasurer", TREASURER, None)
        self._one(given, "mail", MAIL, None)
        return given

    def _one(
        self, given: dict[str, Any], name: str, questions: Sequence[Question], row: Model | None
    ) -> None:
        self.say(f"\n[{name}]")
        found = {}
        for question in questions:
            stands = str(getattr(row, question.key, "") or "") if row is not None else ""
            if (answer := self._answer(question, stands)) is not None:
                found[question.key] = answer
        if found:
            given[name] = found

    def _group(self, title: str, questions: Sequence[Question], *, needed: bool) -> Mapping[str, str]:
        """Questions that are answered together or not at all."""
        self.say(f"\n[{title}]")
        if not needed and self.ask("Change them? (y/N) ").strip().lower() not in {"y", "yes", "o", "oui"}:
            return {}
        answers = {question.key: self._answer(question, "") for question in questions}
        return {key: answer for key, answer in answers.items() if answer}

    def _answer(self, question: Question, stands: str) -> str | None:
        """The answer, or None when what stands is kept."""
        while True:
            shown = f" [{stands}]" if stands else ""
            answer = self.ask(f"{question.words}{shown}: ").strip()
            if answer == "-" and not question.needed:
                return ""
            if not answer and question.needed and not stands:
                self.say("  This one is needed.")
                continue
            if not answer:
                return None
            try:
                if question.check is not None:
                    question.check(answer)
            except ValidationError as error:
                self.say(f"  {' '.join(error.messages)}")
                continue
            return answer

    def _spaces(self, given: dict[str, Any], *, has_some: bool) -> None:
        self.say("\n[spaces]")
        words = "File of the spaces: a drawing (.json) or a table (.csv)"
        answer = self._answer(Question("file", words, needed=not has_some, check=_file), "")
        if answer:
            kind = "plan" if answer.lower().endswith(".json") else "csv"
            given["spaces"] = {kind: str(Path(answer).absolute())}

    def _prices(self, given: dict[str, Any]) -> None:
        self.say("\n[tariffs] in euros, including VAT; Enter leaves a price as it is, or out")
        tariffs: dict[tuple[str, str], dict[str, Any]] = {}
        for kind, unit, words in PRICES:
            for audience, who in (("outside", "anyone"), ("member", "members")):
                answer = self._answer(Question(unit, f"{words}, {who}", check=_price), "")
                if answer:
                    product = PRODUCTS[kind]["code"]
                    row = {"kind": kind, "audience": audience, "product": product}
                    tariffs.setdefault((kind, audience), row)[unit] = Decimal(answer.replace(",", "."))
        if tariffs:
            given["products"] = [PRODUCTS[kind] for kind in dict.fromkeys(kind for kind, _who in tariffs)]
            given["tariffs"] = list(tariffs.values())
