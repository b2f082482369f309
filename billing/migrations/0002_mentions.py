"""The legal mentions of French invoices, as they read in 2026 (billing.md §1 and 2)."""

import datetime as dt

from django.db import migrations

MENTIONS = [
    ("operation_services", dt.date(2022, 10, 9), "Nature de l’opération : prestation de services."),
    (
        "vat_on_debits",
        dt.date(2022, 10, 9),
        "Option pour le paiement de la taxe d’après les débits.",
    ),
    ("vat_franchise", dt.date(1991, 1, 1), "TVA non applicable, art. 293 B du CGI."),
    ("vat_exempt", dt.date(1991, 1, 1), "Opération exonérée de TVA, art. 261, 7, 1° du CGI."),
    ("no_discount", dt.date(2009, 1, 1), "Pas d’escompte pour paiement anticipé."),
    (
        "late_penalties",
        dt.date(2009, 1, 1),
        "Pénalités de retard : taux de refinancement de la Banque centrale européenne majoré de dix points.",
    ),
    ("recovery_fee", dt.date(2013, 1, 1), "Indemnité forfaitaire pour frais de recouvrement : 40 €."),
]


def write(apps, schema_editor):
    Mention = apps.get_model("billing", "Mention")
    for code, valid_from, text in MENTIONS:
        Mention.objects.get_or_create(
            code=code, seller=None, language="fr", valid_from=valid_from, defaults={"text": text}
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
