"""Budget lines, by month, nature, site or seller, label and source: new ones are added, amounts corrected."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from billing.models import Seller
from bookings.models import Site
from cantine.importing.reading import Column, Row, plain
from cantine.importing.values import day, short
from cantine.importing.verdicts import ADD, CHANGE, SAME, Context, Seen, Verdict
from cantine.pilotage.models import BudgetLine

BATCH = 500
COLUMNS = (
    Column("month", "mois", ("date", "période"), required=True),
    Column("kind", "nature", ("type", "sorte"), required=True),
    Column("label", "libellé", ("intitulé", "poste"), required=True),
    Column("amount", "montant", ("euros", "montant en euros"), required=True),
    Column(
        "source", "fournisseur ou financeur", ("fournisseur", "financeur", "origine", "funder", "supplier")
    ),
    Column("place", "site ou vendeur", ("site", "vendeur", "lieu", "seller")),
)
EXAMPLE = ("11/2026", "coût", "Loyer", "1500,00", "Pépinière Exemple", "")
KINDS = {
    "cout": "cost",
    "couts": "cost",
    "charge": "cost",
    "cost": "cost",
    "cout de fonctionnement": "cost",
    "subvention": "grant",
    "grant": "grant",
}
MONTH = re.compile(r"^(?:(?P<year>\d{4})[-/](?P<month>\d{1,2})|(?P<first>\d{1,2})[-/.](?P<last>\d{4}))$")
SPACES = re.compile(r"[\s\u00a0\u202f€]")
NUMBER = re.compile(r"^\d{1,9}(?:\.\d{1,2})?$")
Key = tuple[date, str, int | None, int | None, str, str]


@dataclass(frozen=True)
class Places:
    """Sites and sellers by what people call them; `only` is the seller of a house that has one."""

    known: Mapping[str, Site | Seller]
    only: Seller | None

    @classmethod
    def read(cls) -> "Places":
        """Read them: two queries. A site goes before a seller of the same name."""
        sites, sellers = list(Site.objects.all()), list(Seller.objects.all())
        known: dict[str, Site | Seller] = {}
        for seller in sellers:
            known |= {plain(seller.name): seller, plain(seller.code): seller}
        for site in sites:
            known |= {plain(site.name): site, plain(site.code): site}
        return cls(known, sellers[0] if len(sellers) == 1 else None)

    def named(self, text: str) -> Site | Seller:
        """The one that is called this."""
        try:
            return self.known[plain(text)]
        except KeyError:
            raise ValueError(_("Aucun site ni vendeur ne s’appelle ainsi.")) from None


def kind(text: str) -> str:
    """Whether it is spent or granted."""
    try:
        return KINDS[plain(text)]
    except KeyError:
        raise ValueError(_("Écrivez coût ou subvention.")) from None


def month(text: str) -> date:
    """A month as « 11/2026 » or 2026-11, or a day of it."""
    found = MONTH.match(text)
    if found is None:
        return day(text).replace(day=1)
    year, number = found["year"] or found["last"], found["month"] or found["first"]
    return day(f"{year}-{number}-01")


def amount(text: str) -> Decimal:
    """Euros as « 1 500,50 € » or 1500.50."""
    bare = SPACES.sub("", text).replace(",", ".")
    if not NUMBER.match(bare):
        raise ValueError(_("Écrivez un montant comme 1500,50, sans signe."))
    return Decimal(bare).quantize(Decimal("0.01"))


def judge(rows: Sequence[Row], context: Context) -> list[Verdict]:
    """Read each row and say what it would do; three queries."""
    verdicts, seen, places = [Verdict(row) for row in rows], Seen(), Places.read()
    for verdict in verdicts:
        _read(verdict, places)
        if verdict.is_wrong:
            continue
        if line := seen.first_line(_key(verdict.values), verdict.row.line):
            verdict.refuse("label", _("Cette ligne de budget est déjà à la ligne %(line)s.") % {"line": line})
    good = [verdict for verdict in verdicts if not verdict.is_wrong]
    there = _there(good)
    for verdict in good:
        before = there.get(_key(verdict.values))
        if before is None:
            verdict.action = ADD
        else:
            verdict.action = SAME if before.amount == verdict.values["amount"] else CHANGE
    return verdicts


def _read(verdict: Verdict, places: Places) -> None:
    verdict.take("month", month, needed=_("Dites de quel mois."))
    verdict.take("kind", kind, needed=_("Écrivez coût ou subvention."))
    verdict.take("label", partial(short, most=120), needed=_("Dites ce que c’est."))
    verdict.take("amount", amount, needed=_("Écrivez un montant."))
    verdict.take("source", partial(short, most=120))
    if verdict.take("place", places.named) is None and not verdict.row.cells.get("place"):
        if places.only is None:
            verdict.refuse("place", _("Dites de quel site, ou de quel vendeur."))
        verdict.values["place"] = places.only


def _key(values: Mapping[str, Any]) -> Key:
    place = values["place"]
    site, seller = (place.pk, None) if isinstance(place, Site) else (None, place.pk)
    return values["month"], values["kind"], site, seller, values["label"], values.get("source", "")


def _there(verdicts: Sequence[Verdict]) -> dict[Key, BudgetLine]:
    months = {verdict.values["month"] for verdict in verdicts}
    lines = BudgetLine.objects.filter(month__in=months)
    return {
        (each.month, each.kind, each.site_id, each.seller_id, each.label, each.source): each for each in lines
    }


def write(verdicts: Sequence[Verdict], context: Context) -> None:
    """Step: add what is new, and correct the amounts that changed."""
    there, new, changed = _there(verdicts), [], []
    for verdict in verdicts:
        key, sum_ = _key(verdict.values), verdict.values["amount"]
        line = there.get(key)
        if line is None:
            of, nature, site, seller, label, source = key
            new.append(
                BudgetLine(
                    month=of,
                    kind=nature,
                    site_id=site,
                    seller_id=seller,
                    label=label,
                    source=source,
                    amount=sum_,
                )
            )
        elif line.amount != sum_:
            line.amount = sum_
            changed.append(line)
    BudgetLine.objects.bulk_create(new, ignore_conflicts=True)
    BudgetLine.objects.bulk_update(changed, ["amount"])
