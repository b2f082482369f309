"""« À recevoir »: what customers owe by age, what they dispute, and that both are what the accounts say."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.accounting.books import Sums, balances_on
from billing.accounting.chart import Account, chart_of
from billing.accounting.disputed import Dispute, disputes
from billing.accounting.periods import Period, fiscal_year
from billing.accounting.receivables import age_of, by_age, owed_to_customers, receivables
from billing.collecting.owed import days_late
from billing.models import AccountRole
from billing.money import ZERO
from cantine.gestion.accounts import definitions
from cantine.gestion.accounts.asking import Asked
from cantine.gestion.accounts.reports import NUMBER, TOTAL, Report, heads, total
from cantine.gestion.accounts.tables import Cell, Table
from cantine.gestion.views.owed import AGE_WORDS
from members.formats import date_long


def owed(asked: Asked) -> Report:
    """What customers owe by age, and the invoices."""
    day = min(asked.period.last, asked.today)
    documents, found = receivables(asked.seller, day), disputes(asked.seller, day)
    ages = by_age(documents, day)
    rows = [
        [Cell(str(AGE_WORDS[name]).capitalize(), asked.query(age=name)), Cell(left)]
        for name, left in ages.items()
    ]
    chosen = asked.more.get("age", "")
    shown = [each for each in documents if chosen in ("", age_of(each.due, day))]  # type: ignore[attr-defined]  # annotated
    detail = [
        [
            Cell(each.number, reverse("admin:follow_up", args=[each.pk])),
            Cell(str(each.customer)),
            Cell(each.issued_on),
            Cell(each.due),  # type: ignore[attr-defined]  # annotated
            Cell(days_late(each, day)),
            Cell(each.left),  # type: ignore[attr-defined]  # annotated
        ]
        for each in shown
    ]
    foot = [Cell(str(TOTAL)), *[Cell("")] * 4, total([each.left for each in shown])]  # type: ignore[attr-defined]  # annotated
    whole = [Cell(str(TOTAL)), total([*ages.values()])]
    names = (NUMBER, _("Client"), _("Émise le"), _("Échéance"), _("Jours de retard"))
    title = str(AGE_WORDS[chosen]).capitalize() if chosen in AGE_WORDS else _("Toutes les factures dues")
    return Report(
        definitions.OWED % {"day": date_long(day, get_language() or "fr")},
        Table(heads(_("Ancienneté"), _("Reste dû"), sums=1), rows, whole),
        Table(heads(*names, _("Reste dû"), sums=1), detail, foot, title, customers=True),
        name="a-recevoir",
        beside=lambda: [
            *disputed(asked, found),
            agreement(asked, day, sum(ages.values(), ZERO), found),
        ],
    )


def disputed(asked: Asked, found: Sequence[Dispute]) -> list[Table]:
    """What is on the account of disputes, line by line; nothing where nothing ever was disputed."""
    rows = [
        [
            Cell(each.since),
            Cell(
                each.reference,
                reverse("admin:dispute", args=[each.movement.pk]) if asked.opens_disputes else "",
            ),
            Cell(str(each.customer) if each.customer else _("inconnu ici")),
            Cell(each.taken),
            Cell(each.given_back),
            Cell(each.lost),
            Cell(each.left),
        ]
        for each in found
    ]
    names = heads(
        _("Depuis le"),
        _("Contestation"),
        _("Client"),
        _("Repris"),
        _("Rendu"),
        _("Passé en perte"),
        _("Reste dû"),
        sums=4,
    )
    foot = [Cell(str(TOTAL)), Cell(""), Cell("")]
    foot += [total([row[column].value for row in rows]) for column in range(3, 7)]  # type: ignore[misc]  # sums
    if not rows:
        return []
    return [Table(names, rows, foot, _("Paiements contestés"), str(definitions.DISPUTES), customers=True)]


def agreement(asked: Asked, day: dt.date, invoices: Decimal, found: Sequence[Dispute]) -> Table:
    """That invoices and disputes, less what is owed to customers, are the balances of their accounts."""
    chart, sums = chart_of(asked.seller), balances_on(asked.seller, day)
    accounts = [chart.of(AccountRole.CUSTOMERS), chart.of(AccountRole.DISPUTES)]
    in_doubt, kept = sum((each.left for each in found), ZERO), owed_to_customers(asked.seller, day)
    rows = [
        [Cell(_("Factures dues, ci-dessus")), Cell(invoices)],
        *([[Cell(_("Paiements contestés, ci-dessus")), Cell(in_doubt)]] if found else []),
        [Cell(_("Moins ce qui est dû aux clients")), Cell(-kept)],
        [Cell(_("Soit")), Cell(invoices + in_doubt - kept)],
    ]
    rows += [
        [
            Cell(
                _("Solde du compte %(number)s") % {"number": account.number}, entries_at(asked, day, account)
            ),
            Cell(sums.get(account.number, Sums()).balance),
        ]
        for account in accounts
    ]
    books = sum((sums.get(account.number, Sums()).balance for account in accounts), ZERO)
    foot = [Cell(_("Écart")), Cell(invoices + in_doubt - kept - books)]
    definition = definitions.OWED_AGREES % {"day": date_long(day, get_language() or "fr")}
    title = _("Est-ce d’accord avec les écritures\u202f?")
    return Table(heads(_("Ce que doivent les clients"), _("Montant"), sums=1), rows, foot, title, definition)


def entries_at(asked: Asked, day: dt.date, account: Account) -> str:
    """The entries of an account from the opening of the fiscal year to a day, as an address."""
    first = fiscal_year(day, asked.seller.fiscal_year_starts_in).first
    return reverse("admin:accounts_entries") + asked.query(Period(first, day), compte=account.number)
