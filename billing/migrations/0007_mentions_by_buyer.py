"""The mentions of public bodies, and what an electronic invoice says where a mention has no object."""

import datetime as dt

from django.db import migrations

MENTIONS = [
    (
        "late_interest_public",
        "fr",
        dt.date(2013, 5, 1),
        "Intérêts moratoires : taux de refinancement de la Banque centrale européenne majoré de huit points "
        "(code de la commande publique, art. R. 2192-31).",
    ),
    (
        "late_interest_public",
        "en",
        dt.date(2013, 5, 1),
        "Interest on late payment: refinancing rate of the European Central Bank plus eight points "
        "(code de la commande publique, art. R. 2192-31).",
    ),
    (
        "recovery_fee_public",
        "fr",
        dt.date(2013, 5, 1),
        "Indemnité forfaitaire pour frais de recouvrement : 40 € (code de la commande publique, art. D. 2192-35).",
    ),
    (
        "recovery_fee_public",
        "en",
        dt.date(2013, 5, 1),
        "Fixed compensation for recovery costs: €40 (code de la commande publique, art. D. 2192-35).",
    ),
    ("not_applicable", "fr", dt.date(2013, 1, 1), "Sans objet."),
    ("not_applicable", "en", dt.date(2013, 1, 1), "Not applicable."),
]


def write(apps, schema_editor):
    Mention = apps.get_model("billing", "Mention")
    for code, language, valid_from, text in MENTIONS:
        Mention.objects.get_or_create(
            code=code, seller=None, language=language, valid_from=valid_from, defaults={"text": text}
        )


class Migration(migrations.Migration):
    dependencies = [("billing", "0006_buyers")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
