"""Addresses typed at the door are written in small letters, as those of every other form were all along."""

from django.db import migrations

LOWERED = """
UPDATE events_registration SET email = lower(email) WHERE erased_at IS NULL AND email <> lower(email)
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0004_visitors")]

    operations = [migrations.RunSQL(LOWERED, migrations.RunSQL.noop)]
