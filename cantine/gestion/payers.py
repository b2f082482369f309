"""For whom one books: a person, an organisation, or a contact made on the spot."""

from django.db import transaction

from billing.customers import contact_for, customer_for, customer_for_organisation
from billing.models import Customer
from members.models import Organisation, User


@transaction.atomic(durable=True)
def payer_for_person(user: User) -> Customer:
    """The customer this person is."""
    return customer_for(user)


@transaction.atomic(durable=True)
def payer_for_organisation(organisation: Organisation) -> Customer | None:
    """The customer this organisation is; None when nobody there has an address to write to."""
    known = Customer.objects.filter(organisation=organisation).first()
    if known is not None:
        return known
    person = organisation.people.order_by("-affiliations__may_pay", "name").first()
    return customer_for_organisation(organisation, email=person.email) if person else None


@transaction.atomic(durable=True)
def payer_for_contact(*, name: str, email: str, language: str) -> Customer:
    """The customer with this address: a person who has an account, else a contact, made if need be."""
    user = User.objects.filter(email__iexact=email).first()
    if user is not None:
        return customer_for(user)
    return contact_for(name=name, email=email, language=language)
