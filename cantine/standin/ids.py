"""Identifiers with Stripe's prefixes and alphabet."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """A new identifier such as `pi_…`; Checkout Sessions have long ones."""
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_session_id() -> str:
    """A Checkout Session's identifier, in test mode as all of ours are."""
    return new_id("cs_test", 58)


def new_customer_id() -> str:
    """Customers have shorter ones."""
    return new_id("cus", 14)
