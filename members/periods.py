"""How long what is known of people is kept: the one table; docs/privacy.md repeats it, a test compares."""

from datetime import timedelta

PERIODS: dict[str, timedelta] = {
    # Beside the life of an account
    "exports": timedelta(days=7),
    "closing": timedelta(days=14),
    "unused_accounts": timedelta(days=3 * 365),
    "unused_warning": timedelta(days=30),
    "sessions": timedelta(days=14),
    "sign_in_letters": timedelta(days=90),
    "staff_reads": timedelta(days=365),
    "history": timedelta(days=365),
    # Letters and money
    "messages": timedelta(days=365),
    "stripe_payloads": timedelta(days=90),
    "contacts": timedelta(days=365),
    "contact_messages": timedelta(days=365),
    "invitations": timedelta(days=90),
    # What people came for
    "registrations": timedelta(days=90),
    "visitor_salts": timedelta(days=425),  # fourteen months after the year: its report is compared
    "rental_requests": timedelta(days=365),
    "rental_requests_lost": timedelta(days=180),
}
