"""Three steps of dunning to begin with, and the rate of late penalties, as they are usual in 2026.

The steps count from the day of this migration on: what fell due before is not asked for all at once.
"""

import datetime as dt
from decimal import Decimal

from django.db import migrations
from django.utils import timezone

STEPS = [
    (
        1,
        8,
        False,
        "Facture {numero}\u00a0: un oubli peut-être",
        "Bonjour,\n\nNous n’avons pas encore reçu le règlement de la facture {numero}, qui était attendu pour le "
        "{echeance}. Il reste {montant} à régler.\n\nSi votre paiement est parti entre-temps, ne tenez pas compte "
        "de ce message, et merci.",
        "Invoice {numero}: perhaps an oversight",
        "Hello,\n\nWe have not yet received the payment of invoice {numero}, which was expected by {echeance}. "
        "{montant} is still to be paid.\n\nIf your payment has left in the meantime, please disregard this "
        "message, and thank you.",
    ),
    (
        2,
        23,
        True,
        "Facture {numero}\u00a0: {retard} jours de retard",
        "Bonjour,\n\nMalgré notre premier message, la facture {numero}, due le {echeance}, n’est pas réglée\u00a0: il "
        "reste {montant} à payer.\n\nSi quelque chose vous en empêche, répondez à ce message\u00a0: nous cherchons "
        "une solution avec vous.",
        "Invoice {numero}: {retard} days late",
        "Hello,\n\nDespite our first message, invoice {numero}, due on {echeance}, has not been paid: {montant} "
        "is still owed.\n\nIf something keeps you from paying, reply to this message: we look for a solution "
        "with you.",
    ),
    (
        3,
        45,
        True,
        "Facture {numero}\u00a0: dernier rappel avant mise en demeure",
        "Bonjour,\n\nLa facture {numero} est en retard de {retard} jours. Sans règlement de {montant} sous huit "
        "jours, nous vous enverrons une mise en demeure.\n\nSi vous contestez cette facture, dites-le-nous en "
        "répondant à ce message.",
        "Invoice {numero}: last reminder before formal notice",
        "Hello,\n\nInvoice {numero} is {retard} days late. Without a payment of {montant} within eight days, we "
        "will send you a formal notice.\n\nIf you dispute this invoice, tell us by replying to this message.",
    ),
]


def write(apps, schema_editor):
    today = timezone.localdate()
    DunningStep = apps.get_model("billing", "DunningStep")
    if not DunningStep.objects.exists():
        for position, days, charges, subject_fr, text_fr, subject_en, text_en in STEPS:
            DunningStep.objects.create(
                position=position,
                days_after=days,
                tells_charges=charges,
                subject_fr=subject_fr,
                text_fr=text_fr,
                subject_en=subject_en,
                text_en=text_en,
                valid_from=today,
            )
    apps.get_model("billing", "LateRate").objects.get_or_create(
        valid_from=dt.date(2025, 7, 1), defaults={"percent": Decimal("12.15")}
    )


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_following_up")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
