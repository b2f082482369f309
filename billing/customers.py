"""Finding, or making, the customer a person pays as."""

from collections.abc import Mapping

from django.db.models import Case, QuerySet, When

from billing.models import Customer
from members.models import Organisation, User
from members.services import organisations, people
from members.transactions import own_transaction, require_transaction

PERSONS = ("", Customer.Buyer.CONSUMER)


def customer_for(user: User) -> Customer:
    """Step: get or create the customer that is this person, who is written to in the person's language.

    The first time, a contact with the address this person verified becomes this customer, with its history.
    """
    require_transaction()
    customer = Customer.objects.filter(user=user).first() or _claim_contact(user) or _create(user)
    if customer.language != user.language:
        customer.language = user.language
        customer.save(update_fields=["language"])
    return customer


def _claim_contact(user: User) -> Customer | None:
    if not people.has_verified_address(user):
        return None
    of_their_name = Case(When(name__iexact=user.name, then=0), When(buyer__in=PERSONS, then=1), default=2)
    contacts = _contacts(user.email).order_by(of_their_name, "pk")
    customer = contacts.select_for_update(no_key=True).first()
    if customer is not None:
        customer.kind, customer.user = Customer.Kind.USER, user
        customer.save(update_fields=["kind", "user"])
    return customer


def _create(user: User) -> Customer:
    fields = {"kind": Customer.Kind.USER, "name": user.name, "email": user.email, "language": user.language}
    return Customer.objects.get_or_create(user=user, defaults=fields)[0]


def contact_for(*, email: str, name: str, language: str) -> Customer:
    """Step: get or create, locked, the contact of an address; whoever verifies that address claims it later.

    What is known of a contact stays: anyone may type an address that is not theirs.
    """
    of_that_name = Case(When(name__iexact=name, then=0), default=1)
    rows = _contacts(email).order_by(of_that_name, "pk")
    return _locked_or_made(rows, email=email, name=name, language=language)


def contact_named(*, email: str, name: str, buyer: str, language: str) -> Customer:
    """Step: get or create, locked, the contact of an address who goes by that name and buys as that.

    At one address an association and a consumer are two customers: what is sold to the one is never made out
    to the other, and who types an address that is not theirs reads nothing of who it belongs to.
    """
    rows = _contacts(email).filter(name__iexact=name)
    if buyer:
        rows = rows.filter(buyer__in=[buyer, ""])
    rows = rows.order_by("-buyer", "pk")
    customer = _locked_or_made(rows, email=email, name=name, language=language, buyer=buyer)
    if buyer and not customer.buyer:
        customer.buyer = buyer
        customer.save(update_fields=["buyer"])
    return customer


def _contacts(email: str) -> "QuerySet[Customer]":
    return Customer.objects.filter(kind=Customer.Kind.CONTACT, email__iexact=email)


def _locked_or_made(
    rows: "QuerySet[Customer]", *, email: str, name: str, language: str, buyer: str = ""
) -> Customer:
    """Step: the first of `rows`, locked; where there is none it is made."""
    require_transaction()
    while True:
        locked = rows.select_for_update(no_key=True).first()
        if locked is not None:
            return locked
        # Erased or claimed while we waited for its lock, or never there: made, then locked.
        fields = {"kind": Customer.Kind.CONTACT, "email": email.lower(), "name": name, "buyer": buyer}
        Customer.objects.get_or_create(**fields, defaults={"language": language})


def customer_for_organisation(organisation: Organisation, *, email: str, language: str = "fr") -> Customer:
    """Step: get or create the customer that is this organisation; `email` is where its invoices go."""
    require_transaction()
    customer, _created = Customer.objects.get_or_create(
        organisation=organisation,
        defaults={
            "kind": Customer.Kind.ORGANISATION,
            "name": organisation.name,
            "email": email,
            "language": language,
        },
    )
    return customer


@own_transaction
def found_organisation(*, by: User, **fields: str) -> Organisation:
    """Make an organisation and its customer, invoiced to `by`, who is responsible for it.

    `fields` are of `ON_DOCUMENTS`; raises `TypeError` on any other.
    """
    organisation = organisations.found(name=fields["name"], by=by)
    customer = customer_for_organisation(organisation, email=by.email, language=by.language)
    _say_on_documents(customer, fields)
    return organisation


def complete(customer: Customer, said: Mapping[str, str]) -> Customer:
    """Step: keep for the next time what who accepted a quote said of who buys, where nothing was known.

    What is known of a customer stays, and an address is one: its lines and its country go together, and so do
    the numbers of a company.
    """
    require_transaction()
    found = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    blank = [name for name in ("siren", "service_code") if not getattr(found, name)]
    if not found.address:
        blank += ["address", "postcode", "city", "country"]
    told = {name: said[name] for name in blank if said.get(name)}
    number, siren = said.get("vat_number"), told.get("siren", found.siren)
    if number and not found.vat_number and siren == said.get("siren", ""):
        told["vat_number"] = number
    if told:
        _say_on_documents(found, told)
    return found


ON_DOCUMENTS = (
    "name", "address", "postcode", "city", "country", "buyer", "siren", "vat_number", "service_code",
)  # fmt: skip


@own_transaction
def change_address(*, customer: Customer, **fields: str) -> Customer:
    """Change what the next documents say of a customer; those issued before keep their words.

    `fields` are of `ON_DOCUMENTS`; raises `TypeError` on any other.
    """
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    _say_on_documents(customer, fields)
    return customer


def _say_on_documents(customer: Customer, fields: Mapping[str, str]) -> None:
    """Step: write what the next documents say."""
    if unknown := set(fields) - set(ON_DOCUMENTS):
        raise TypeError(f"not on documents: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(customer, name, value)
    customer.save(update_fields=list(fields))
