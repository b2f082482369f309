"""The accounts of a seller by what they are for: those of its rows, else the usual French ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from billing.models import Account as AccountRow
from billing.models import AccountRole, Seller


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A number of the chart of accounts, and its label."""

    number: str
    label: str


USUAL: Mapping[AccountRole, Account] = {
    AccountRole.CUSTOMERS: Account("411000", "Clients"),
    AccountRole.ADVANCES: Account("419100", "Clients - avances et acomptes reçus"),
    AccountRole.VAT: Account("445719", "TVA collectée"),
    AccountRole.VAT_PENDING: Account("445870", "TVA en attente d'encaissement"),
    AccountRole.CARD: Account("511700", "Encaissements par carte en transit"),
    AccountRole.TERMINAL: Account("511500", "Cartes à encaisser"),
    AccountRole.CHEQUE: Account("511200", "Chèques à encaisser"),
    AccountRole.CASH: Account("530000", "Caisse"),
    AccountRole.BANK: Account("512000", "Banque"),
    AccountRole.FEES: Account("627000", "Services bancaires et assimilés"),
    AccountRole.DISPUTES: Account("416000", "Clients douteux ou litigieux"),
    AccountRole.BAD_DEBTS: Account("654000", "Pertes sur créances irrécouvrables"),
    AccountRole.CASH_OVER: Account("758000", "Produits divers de gestion courante"),
    AccountRole.CASH_SHORT: Account("658000", "Charges diverses de gestion courante"),
    AccountRole.PROFIT: Account("120000", "Résultat de l'exercice (excédent)"),
    AccountRole.LOSS: Account("129000", "Résultat de l'exercice (déficit)"),
}
USUAL_VAT: Mapping[Decimal, Account] = {
    Decimal("20.00"): Account("445710", "TVA collectée à 20 %"),
    Decimal("10.00"): Account("445711", "TVA collectée à 10 %"),
    Decimal("5.50"): Account("445712", "TVA collectée à 5,5 %"),
    Decimal("2.10"): Account("445713", "TVA collectée à 2,1 %"),
}
USUAL_REVENUE: Mapping[str, str] = {
    "7083": "Locations diverses",
    "706": "Prestations de services",
    "707": "Ventes de marchandises",
    "708": "Produits des activités annexes",
    "74": "Subventions",
    "756": "Cotisations",
    "758": "Produits divers de gestion courante",
}
"""Labels of revenue accounts by how their number begins, the longest first."""

METHODS: Mapping[str, AccountRole] = {
    "card": AccountRole.CARD,
    "terminal": AccountRole.TERMINAL,
    "cheque": AccountRole.CHEQUE,
    "cash": AccountRole.CASH,
    "transfer": AccountRole.BANK,
}
"""Where money lies when it was received, by how it came."""
GIVEN_BACK: Mapping[str, AccountRole] = {**METHODS, "cheque": AccountRole.BANK}
"""Where it is taken from when it goes back: nobody gives a customer's cheque back once it is banked."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Which account stands for what; without any argument, the usual ones."""

    roles: Mapping[AccountRole, Account] = field(default_factory=dict)
    vat_rates: Mapping[Decimal, Account] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def of(self, role: AccountRole) -> Account:
        """The account of a role."""
        return self.roles.get(role, USUAL[role])

    def vat(self, rate: Decimal) -> Account:
        """The account of VAT collected at one rate (percent)."""
        if rate in self.vat_rates:
            return self.vat_rates[rate]
        return (
            self.of(AccountRole.VAT)
            if AccountRole.VAT in self.roles
            else USUAL_VAT.get(rate, self.of(AccountRole.VAT))
        )

    def revenue(self, number: str) -> Account:
        """The account of an article, with its label."""
        if number in self.labels:
            return Account(number, self.labels[number])
        known = (label for start, label in USUAL_REVENUE.items() if number.startswith(start))
        return Account(number, next(known, "Produits"))

    def received_on(self, method: str) -> Account:
        """Where money received by `method` lies."""
        return self.of(METHODS[method])

    def given_from(self, method: str) -> Account:
        """What money given back on a payment by `method` is taken from."""
        return self.of(GIVEN_BACK[method])


def chart_of(seller: Seller) -> Chart:
    """Read the accounts of a seller."""
    rows = list(AccountRow.objects.filter(seller=seller))
    return Chart(
        roles={
            AccountRole(row.role): Account(row.number, row.label)
            for row in rows
            if row.rate is None and row.role != AccountRole.REVENUE
        },
        vat_rates={row.rate: Account(row.number, row.label) for row in rows if row.rate is not None},
        labels={row.number: row.label for row in rows if row.role == AccountRole.REVENUE},
    )
