"""Who came stays counted after registrations are erased, by a pseudonym that nobody traces back in the end.

It mixes the address with the salt of the event's year. As long as the salt lives an address that is known
anyway finds its visits again (`RECOGNISED`), so it is personal data still: closing an account cuts that
link. Once the salt is deleted (events/forgetting.py) pseudonyms only count.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce, Lower

from events.models import Attendance, Registration, VisitorSalt
from events.models.visitor import new_salt

RECOGNISED = """
    SELECT salt.year, known.address, sha256(salt.salt || convert_to(known.address, 'UTF8')) AS visitor
    FROM events_visitorsalt AS salt CROSS JOIN (
        SELECT email AS address FROM members_user
        UNION SELECT lower(email) FROM billing_customer WHERE kind = 'contact'
        UNION SELECT lower(email) FROM events_registration
            WHERE erased_at IS NULL AND user_id IS NULL AND email <> ''
    ) AS known
"""
"""SQL: every address that is still known, with what stands for it in each year whose salt lives."""


def pseudonyms(registrations: Collection[int]) -> dict[int, bytes]:
    """Step: what stands for whoever came by each of these registrations, while they are still known.

    Only who came and left an address has one: nobody else is counted. Makes the salts of years without one.
    """
    came = Attendance.objects.filter(seat__registration=OuterRef("pk"))
    rows = Registration.objects.confirmed().filter(Exists(came), pk__in=registrations)
    written = rows.annotate(address=Lower(Coalesce("user__email", "email"))).exclude(address="")
    addresses = dict(written.values_list("pk", "address"))
    salts: dict[int, VisitorSalt] = {}
    found = {}
    for row in rows.filter(pk__in=addresses).select_related("event__site"):
        year = row.event.local.start.year
        if year not in salts:
            salts[year] = VisitorSalt.objects.get_or_create(year=year)[0]
        found[row.pk] = salts[year].pseudonym_of(addresses[row.pk])
    return found


def keep(found: Mapping[int, bytes]) -> None:
    """Step: write pseudonyms on registrations that were just erased."""
    rows = [Registration(pk=pk, visitor=visitor) for pk, visitor in found.items()]
    Registration.objects.bulk_update(rows, ["visitor"])


def sever(addresses: Collection[str]) -> None:
    """Step: these addresses find their visits no more; each year's stay those of one visitor."""
    for salt in VisitorSalt.objects.all():
        for address in addresses:
            Registration.objects.filter(visitor=salt.pseudonym_of(address)).update(visitor=new_salt())


def follow_changed_address(*, from_email_address: Any, to_email_address: Any, **_signal: Any) -> None:
    """Receive allauth's `email_changed`: visits under an address that was theirs are found by the new one."""
    if from_email_address is None or not from_email_address.verified:
        return
    old, new = from_email_address.email.lower(), to_email_address.email.lower()
    for salt in VisitorSalt.objects.all():
        rows = Registration.objects.filter(visitor=salt.pseudonym_of(old))
        rows.update(visitor=salt.pseudonym_of(new))
