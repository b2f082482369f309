"""Whether cards can be taken: the keys are in the environment, here they are tried."""

from django.conf import settings

from billing.payments import stripe_gateway
from billing.payments.errors import GatewayRefused, GatewayUnavailable

OFF = "off"


def state() -> str:
    """What the keys say: off, none, stand-in, test, live, or unsigned where no webhook can be read."""
    key = settings.STRIPE_SECRET_KEY
    if key in {"", OFF}:
        return OFF if key else "none"
    if settings.STRIPE_API_BASE:
        return "stand-in"
    if not settings.STRIPE_WEBHOOK_SECRETS:
        return "unsigned"
    return "live" if stripe_gateway.key_is_live() else "test"


def tried() -> str:
    """Process: try the key at Stripe; say what came of it."""
    now = state()
    if now == OFF:
        return "cards: off, none are taken online"
    if now == "none":
        return "cards: no key. Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or STRIPE_SECRET_KEY=off"
    try:
        stripe_gateway.check_key()
    except GatewayRefused as refused:
        return f"cards: Stripe refuses STRIPE_SECRET_KEY ({refused})"
    except GatewayUnavailable as reason:
        return f"cards: Stripe does not answer ({reason}), try again later"
    if now == "unsigned":
        return "cards: the key is good; STRIPE_WEBHOOK_SECRET (whsec_…) is missing, no payment would be known"
    return f"cards: the key is good ({now})"
