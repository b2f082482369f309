"""Sellers, customers, products and orders for tests; every default is plainly invented."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from billing import fulfilment
from billing.customers import customer_for
from billing.fulfilment import Summary
from billing.models import Customer, Document, Mention, Order, OrderLine, Product, Seller
from billing.orders.services import NewLine, place_order
from members.models import Organisation, User
from tests.factories.members import make_user
from tests.factories.rows import written

_numbers = count(1)
KIND = "essai"
MENTIONS = {
    "operation_services": "Nature de l’opération : prestation de services.",
    "vat_on_debits": "Option pour le paiement de la taxe d’après les débits.",
    "vat_franchise": "TVA non applicable, art. 293 B du CGI.",
    "vat_outside": "Somme hors du champ d’application de la TVA.",
    "vat_exempt": "Opération exonérée de TVA.",
    "no_discount": "Pas d’escompte pour paiement anticipé.",
    "late_penalties": "Pénalités de retard : trois fois le taux d’intérêt légal.",
    "recovery_fee": "Indemnité forfaitaire pour frais de recouvrement : 40 €.",
}


@dataclass
class TrialHandler:
    """Fulfils lines in memory; a label in `gone` can no longer be had, and what happened is in `told`."""

    gone: set[str] = field(default_factory=set)
    told: list[tuple[str, str]] = field(default_factory=list)
    held_until: dict[str, dt.datetime] = field(default_factory=dict)
    carries: bool = False
    desk_until: dt.datetime | None = None

    def accept(self, line: OrderLine, *, now: dt.datetime) -> bool:
        possible = line.label not in self.gone
        self.told.append(("accepted" if possible else "refused", line.label))
        return possible

    def accepted_with(self, line: OrderLine, document: Document | None, *, now: dt.datetime) -> bool:
        self.told.append(("confirmed", document.number if document else ""))
        return self.carries and document is not None

    def expire(self, line: OrderLine, *, now: dt.datetime) -> None:
        self.told.append(("expired", line.label))

    def cancel(self, line: OrderLine, *, now: dt.datetime) -> None:
        self.told.append(("cancelled", line.label))

    def prolong(self, line: OrderLine, *, until: dt.datetime) -> None:
        self.held_until[line.label] = until

    def summary(self, line: OrderLine) -> Summary:
        return Summary(
            when="mercredi 25 novembre, 14 h – 16 h",
            title=line.label,
            note=line.detail,
            cancellation="Annulation gratuite jusqu’à la veille.",
            change_url="/reserver/",
            hold_label="Salle gardée jusqu’à",
            desk_until=self.desk_until,
        )

    def page(self, line: OrderLine) -> str:
        return f"/essai/{line.pk}/"

    def forget(self) -> None:
        self.gone.clear()
        self.told.clear()
        self.held_until.clear()
        self.carries = False
        self.desk_until = None


TRIAL = TrialHandler()
fulfilment.register(KIND, TRIAL)


def make_mentions() -> None:
    """Make the legal texts, which a flush of the database takes away."""
    there = set(Mention.objects.filter(seller=None, language="fr").values_list("code", flat=True))
    Mention.objects.bulk_create(
        Mention(code=code, language="fr", text=text, valid_from=dt.date(2020, 1, 1))
        for code, text in MENTIONS.items()
        if code not in there
    )


def make_seller(**fields: Any) -> Seller:
    """Make a seller that charges VAT."""
    number = next(_numbers)
    make_mentions()
    defaults: dict[str, Any] = {
        "code": f"vendeur-{number}",
        "name": f"Association Essai {number}",
        "legal_form": "association loi 1901",
        "address": "1, rue de l’Exemple",
        "postcode": "76140",
        "city": "Le Petit-Quevilly",
        "siren": "000000000",
        "siret": "00000000000000",
        "vat_number": "FR12000000000",
        "email": "compta@cantine.example",
    }
    return written(Seller(**{**defaults, **fields}))


def make_customer(user: User | None = None, **fields: Any) -> Customer:
    """Make the customer that is a person, a new one unless `user` is given."""
    if user is None:
        user = make_user()
        known = {"name": user.name, "email": user.email, "language": user.language, **fields}
        return written(Customer(kind=Customer.Kind.USER, user=user, **known))
    with transaction.atomic():
        customer = customer_for(user)
    for name, value in fields.items():
        setattr(customer, name, value)
    if fields:
        customer.save()
    return customer


def payer(order: Order) -> User:
    """Who placed an order."""
    assert order.placed_by is not None
    return order.placed_by


def person(customer: Customer) -> User:
    """Who a customer is."""
    assert customer.user is not None
    return customer.user


def make_organisation_customer(organisation: Organisation, **fields: Any) -> Customer:
    """Make the customer that is an organisation, with terms of thirty days."""
    defaults = {"name": organisation.name, "email": "compta@cantine.example", "terms_days": 30}
    return written(
        Customer(kind=Customer.Kind.ORGANISATION, organisation=organisation, **{**defaults, **fields})
    )


def make_product(seller: Seller | None = None, **fields: Any) -> Product:
    """Make something to sell, at 20 % on a price that includes VAT."""
    number = next(_numbers)
    defaults: dict[str, Any] = {"code": f"article-{number}", "name": f"Article {number}"}
    return written(Product(seller=seller or make_seller(), **{**defaults, **fields}))


def new_line(product: Product, price: str = "36.00", **fields: Any) -> NewLine:
    """Write a line to order, one unit at `price` unless told otherwise."""
    defaults: dict[str, Any] = {
        "kind": KIND,
        "product": product,
        "label": "Salle Essai",
        "detail": "8 places, écran",
        "quantity": Decimal(1),
        "unit": "",
        "unit_price": Decimal(price),
        "supplied_on": dt.date(2026, 11, 25),
    }
    return NewLine(**{**defaults, **fields})


def make_order(
    *,
    customer: Customer | None = None,
    seller: Seller | None = None,
    lines: Sequence[NewLine] = (),
    now: dt.datetime,
    minutes: int | None = 15,
    price: str = "36.00",
    by: User | None = None,
    site_code: str = "essai",
) -> Order:
    """Place an order that waits `minutes` for its payment."""
    seller = seller or make_seller()
    customer = customer or make_customer()
    with transaction.atomic():
        return place_order(
            customer=customer,
            seller=seller,
            site_code=site_code,
            lines=lines or [new_line(make_product(seller), price)],
            by=by or customer.user,
            expires_at=now + dt.timedelta(minutes=minutes) if minutes is not None else None,
            now=now,
        )
