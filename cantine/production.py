"""What a production must be told before it may start."""

from collections.abc import Mapping

SHORTEST_SECRET = 40
REAL_KEYS = ("sk_live_", "rk_live_")
TEST_KEYS = ("sk_test_", "rk_test_")


def problems(env: Mapping[str, str]) -> list[str]:
    """One line for everything missing or unsafe in the environment of a production."""
    found = [
        f"{name} is not set: {what}."
        for name, what in (
            ("ALLOWED_HOSTS", "give the host names of the site, separated by commas"),
            ("DEFAULT_FROM_EMAIL", "give the address that e-mails come from"),
            ("EMAIL_URL", "give the mail server, as smtp+tls://user:password@host:587"),
            (
                "DATABASE_URL",
                "the embedded PostgreSQL is for local use, give postgres://user:password@host/name",
            ),
            ("REDIS_URL", "the embedded Valkey is for local use, give redis://host:6379/0"),
        )
        if not env.get(name)
    ]
    found += [
        f"{name} must have at least {SHORTEST_SECRET} characters nobody can guess: {what}."
        for name, what in (
            ("SECRET_KEY", "it signs sessions"),
            ("SIGNING_KEY", "it signs the chain of payments, keep it for ten years"),
        )
        if len(env.get(name, "")) < SHORTEST_SECRET
    ]
    if "*" in env.get("ALLOWED_HOSTS", ""):
        found.append("ALLOWED_HOSTS must name the hosts: with * any address is believed to be ours.")
    if not env.get("EMAIL_URL", "smtp:").startswith("smtp"):
        found.append(
            "EMAIL_URL must be a mail server, as smtp+tls://…: nobody would receive a code to sign in."
        )
    if not env.get("PUBLIC_URL", "").startswith("https://"):
        found.append("PUBLIC_URL must be the site's address, beginning with https://.")
    if env.get("DEMO") == "1":
        found.append("DEMO must not be set: demonstration logins are known to everybody.")
    return found + stripe_problems(env)


def stripe_problems(env: Mapping[str, str]) -> list[str]:
    """What is wrong with the keys of card payment; `off` means that cards are not offered."""
    key = env.get("STRIPE_SECRET_KEY", "")
    trial = env.get("STRIPE_TEST") == "1"
    if key == "off":
        return []
    if not key.startswith((*REAL_KEYS, *TEST_KEYS)):
        return ["STRIPE_SECRET_KEY must be a key of Stripe, or `off` when cards are not offered."]
    found = []
    if key.startswith(TEST_KEYS) and not trial:
        found.append(
            "STRIPE_SECRET_KEY is a test key: everybody would be served without paying."
            " STRIPE_TEST=1 allows it for a trial, whose documents are specimens."
        )
    if key.startswith(REAL_KEYS) and trial:
        found.append("STRIPE_TEST must not be set with a real key: invoices would be specimens.")
    if not env.get("STRIPE_WEBHOOK_SECRET", "").startswith("whsec_"):
        found.append("STRIPE_WEBHOOK_SECRET is not set: copy it from the webhook's page at Stripe (whsec_…).")
    if env.get("STRIPE_API_BASE"):
        found.append("STRIPE_API_BASE must not be set: payments would go to the stand-in.")
    return found
