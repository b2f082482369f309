"""The mention of what a seller who charges VAT asks without it: damages, dues."""

import datetime as dt

from django.db import migrations

CODE, SINCE = "vat_outside", dt.date(1991, 1, 1)
TEXTS = {
    "fr": "Somme à 0\u00a0%\u00a0: hors du champ d’application de la TVA (indemnité ou dommages-intérêts).",
    "en": "Amount at 0%: outside the scope of VAT (compensation or damages).",
}


def write(apps, schema_editor):
    Mention = apps.get_model("billing", "Mention")
    for language, text in TEXTS.items():
        Mention.objects.get_or_create(
            code=CODE, seller=None, language=language, valid_from=SINCE, defaults={"text": text}
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0014_transfers_invoices_by_card_and_sums")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
