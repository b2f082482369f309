"""Seal the secrets of second factors that were kept in clear: archives made from now on do not tell them."""

from collections.abc import Callable
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from members.sealing import seal, unseal

SECRETS = ("secret", "seed")


def rewritten(apps: StateApps, change: Callable[[str], str]) -> None:
    """Write every secret anew."""
    for factor in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]):
        data: dict[str, Any] = factor.data
        data |= {name: change(data[name]) for name in SECRETS if name in data}
        if "migrated_codes" in data:
            data["migrated_codes"] = [change(code) for code in data["migrated_codes"]]
        factor.save(update_fields=["data"])


def sealed(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Forwards; what is sealed already stays as it is."""
    rewritten(apps, lambda text: seal(unseal(text)))


def opened(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Backwards."""
    rewritten(apps, unseal)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_where_a_membership_was_given"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(sealed, opened)]
