"""Stripe's API through the unmodified SDK, pointed at the stand-in."""

import time
from typing import Any

import stripe

from tests.fixtures_standin import Standin

SUCCESS, CANCEL = "http://127.0.0.1:9/retour?session={CHECKOUT_SESSION_ID}", "http://127.0.0.1:9/annuler"


def client(standin: Standin, *, key: str | None = None, retries: int = 0) -> stripe.StripeClient:
    """A client of its own for each test."""
    return stripe.StripeClient(
        key or standin.secret_key, base_addresses={"api": standin.base}, max_network_retries=retries
    )


def wanted(**changed: Any) -> Any:
    """Parameters of a good session of 36 €."""
    line = {
        "quantity": 2,
        "price_data": {"currency": "eur", "unit_amount": 1800, "product_data": {"name": "Poste 7 <matin>"}},
    }
    return {
        "mode": "payment",
        "line_items": [line],
        "client_reference_id": "commande-1",
        "metadata": {"order": "commande-1"},
        "success_url": SUCCESS,
        "cancel_url": CANCEL,
        "customer_email": "camille@exemple.fr",
        "expires_at": int(time.time()) + 40 * 60,
        **changed,
    }


def open_session(standin: Standin, **changed: Any) -> stripe.checkout.Session:
    """A session of 36 € that can be paid."""
    return client(standin).v1.checkout.sessions.create(wanted(**changed))


def paid_session(standin: Standin, **how: Any) -> stripe.checkout.Session:
    """A session of 36 € that has been paid."""
    session = open_session(standin)
    assert standin.pay(session.id, **how) == "paid"
    return client(standin).v1.checkout.sessions.retrieve(session.id)
