"""Give every place the first version of the legal pages, with what is to be completed marked in them."""

from datetime import date

from django.db import migrations

from members.legal_pages import seed


def write_pages(apps, schema_editor):
    seed(apps.get_model("members", "Page"), date(2026, 11, 24))


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(write_pages, migrations.RunPython.noop)]
