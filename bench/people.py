"""Many people at once, each signed in already: rows of users, customers and sessions."""

from datetime import timedelta
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from billing.customers import customer_for
from billing.models import Customer
from members.models import User

WEEK = timedelta(days=7)


def make_people(number: int, *, prefix: str = "charge") -> list[str]:
    """Make `number` invented people with verified addresses and return their session keys."""
    password = make_password(None)
    users = User.objects.bulk_create(
        User(email=f"{prefix}{index}@cantine.example", name=f"Essai {index}", password=password)
        for index in range(number)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    with transaction.atomic():
        customers = [customer_for(user).pk for user in users]
        Customer.objects.filter(pk__in=customers).update(
            name="Essai", address="1, rue Imaginaire", postcode="76000", city="Rouen"
        )
    return sign_in(users)


def sign_in(users: list[User]) -> list[str]:
    """Open a session for each and return their keys."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    rows = [
        Session(
            session_key=get_random_string(32),
            session_data=store.encode(
                {
                    SESSION_KEY: str(user.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: user.get_session_auth_hash(),
                }
            ),
            expire_date=timezone.now() + WEEK,
        )
        for user in users
    ]
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]
