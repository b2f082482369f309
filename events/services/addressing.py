"""The address a guest mistyped: another one is confirmed by a code that only its mailbox shows."""

from datetime import timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from billing.customers import contact_for
from billing.models import Order, OrderLine
from billing.orders.services import lock
from events.errors import AddressFixed, WrongCode
from events.models import Registration
from events.services.seats import lock_event, lock_registration
from members.keys import new_key
from members.messages import owing
from members.transactions import own_transaction

SALT = "events.addressing"
LASTS = timedelta(minutes=15)
DIGITS = 10**6


def may_be_corrected(registration: Registration) -> bool:
    """Whether nothing was sent or paid on the strength of the address: a guest's, held or waiting."""
    open_states = (Registration.State.HELD, Registration.State.WAITING)
    if registration.user_id is not None or registration.state not in open_states:
        return False
    return registration.line is None or registration.line.order.state == Order.State.OPEN


def code_of(registration: int, nonce: str) -> str:
    """The six digits of one demand; worked out, so that nothing stores them."""
    said = salted_hmac(SALT, f"{registration}:{nonce}", algorithm="sha256").hexdigest()
    return f"{int(said, 16) % DIGITS:06}"


@own_transaction
def ask_address(*, registration: Registration, email: str) -> str:
    """Owe the code to the new address; gives the sign that brings it back with the code.

    Raises `AddressFixed` once something was paid or confirmed; nothing is sent then.
    """
    if not may_be_corrected(registration):
        raise AddressFixed
    nonce, address = new_key(), email.lower()
    letter = owing.letter(
        to=address,
        template="events/address_code",
        key=f"registration-address:{registration.pk}:{nonce}",
        language=registration.language,
        registration=registration.pk,
        nonce=nonce,
    )
    owing.owe(letter)
    said = {"registration": registration.pk, "nonce": nonce, "address": address}
    return signing.dumps(said, salt=SALT)


def read_sign(sign: str, registration: Registration) -> dict[str, str]:
    """What a sign says, of this registration and not over; raises `WrongCode`."""
    try:
        said: dict[str, str | int] = signing.loads(sign, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        raise WrongCode from None
    if said["registration"] != registration.pk:
        raise WrongCode
    return {"address": str(said["address"]), "nonce": str(said["nonce"])}


@own_transaction
def correct_address(*, registration: Registration, sign: str, code: str) -> Registration:
    """Write a registration, and what it is to pay, to the address that the code proves.

    Raises `WrongCode`, or `AddressFixed` once it is paid or confirmed; nothing is written then.
    """
    said = read_sign(sign, registration)
    if not constant_time_compare(code_of(registration.pk, said["nonce"]), code.strip()):
        raise WrongCode
    customer = contact_for(email=said["address"], name=registration.name, language=registration.language)
    line = OrderLine.objects.select_related("order").filter(registration=registration).first()
    order = lock(line.order) if line is not None else None
    lock_event(registration.event)
    found = lock_registration(registration)
    if not may_be_corrected(found) or found.line_id != (line.pk if line else None):
        raise AddressFixed
    if order is not None:
        order.customer = customer
        order.save(update_fields=["customer"])
    found.customer, found.email = customer, said["address"]
    found.save(update_fields=["customer", "email"])
    return found
