"""The demonstration's people and organisations: every name is invented, every address ends in .example."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress

from billing.customers import customer_for, customer_for_organisation
from billing.models import Customer
from cantine.roles import give_role
from members.models import Affiliation, Membership, Organisation, User

CAMILLE = "Camille Fauvel"
TREASURER = "treasurer@cantine.example"
LOGINS = (
    ("coworker", CAMILLE),
    ("volunteer", "Bastien Quibel"),
    ("manager", "Maud Lesueur"),
    ("treasurer", "Thierry Hardel"),
)
FIRST_NAMES = (
    "Inès", "Solène", "Yanis", "Odile", "Marie-Thérèse", "Gaspard", "Nour", "Élodie", "Malo", "Hélène",
    "Rachid", "Suzanne", "Tiphaine", "Augustin", "Léa", "Kévin", "Awa", "Florian", "Jeanne", "Octave",
)  # fmt: skip
FAMILY_NAMES = (
    "Malandain", "Hautot", "Lecoq", "Bréauté", "Delamare-Vauquelin", "Duboc", "Saffray", "Levavasseur",
    "Toutain", "Grandsire", "Anquetil", "Bourdet", "Cauchois", "Desmarais", "Ételan", "Framboisier",
    "Grouchet", "Houlgate", "Ivelin", "Jumelle",
)  # fmt: skip
ORGANISATIONS = ("Coopérative des Nuages bas et associés", "Studio Pommeau", "Nuage et Fils")


@dataclass(frozen=True)
class Cast:
    """Who plays in the demonstration."""

    coworker: User
    manager: User
    customers: list[Customer]
    on_terms: list[Customer]


def build(*, password: str, today: date, chance: random.Random) -> Cast:
    """Create the four logins, twenty coworkers and three organisations that pay on invoice."""
    logins = {role: _person(f"{role}@cantine.example", name, password) for role, name in LOGINS}
    for role, user in logins.items():
        if role != "coworker":
            give_role(user=user, role=role, by=None)
    people = [person(f"{first} {family}") for first, family in zip(FIRST_NAMES, FAMILY_NAMES, strict=True)]
    everyone = [logins["coworker"], *people]
    _give_memberships(everyone, today, chance)
    return Cast(
        coworker=logins["coworker"],
        manager=logins["manager"],
        customers=[_dress(customer_for(user), user) for user in everyone],
        on_terms=_build_organisations(people),
    )


def person(name: str) -> User:
    """Someone with an account, who never signs in."""
    return _person(address_of(name), name, None)


def _person(address: str, name: str, password: str | None) -> User:
    user = User.objects.create_user(address, password, name=name)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def _address(first: str, family: str) -> str:
    bare = unicodedata.normalize("NFKD", f"{first}.{family}").encode("ascii", "ignore").decode()
    return f"{bare.lower().replace(' ', '-')}@cantine.example"


def address_of(name: str) -> str:
    """The address of one of the people, or of the coworker who signs in."""
    return "coworker@cantine.example" if name == CAMILLE else _address(*name.split(" ", maxsplit=1))


def _give_memberships(people: list[User], today: date, chance: random.Random) -> None:
    """Two people in three are members, since one day or another of the past year."""
    Membership.objects.bulk_create(
        Membership(user=user, valid_from=today - timedelta(days=chance.randint(200, 380)))
        for index, user in enumerate(people)
        if index % 3 != 2
    )


def _dress(customer: Customer, user: User) -> Customer:
    Customer.objects.filter(pk=customer.pk).update(
        name=user.name, address="1, rue Imaginaire", postcode="76000", city="Rouen"
    )
    customer.refresh_from_db()
    return customer


def _build_organisations(people: list[User]) -> list[Customer]:
    customers = []
    for index, name in enumerate(ORGANISATIONS):
        organisation = Organisation.objects.create(name=name)
        Affiliation.objects.create(organisation=organisation, user=people[index], may_pay=True, is_owner=True)
        customer = customer_for_organisation(organisation, email=people[index].email)
        Customer.objects.filter(pk=customer.pk).update(
            terms_days=30, address=f"{index + 1}, place Imaginaire", postcode="76000", city="Rouen"
        )
        customer.refresh_from_db()
        customers.append(customer)
    return customers
