from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cantine", "0004_frozen_reports"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="import",
            name="import_kind_is_known",
        ),
        migrations.AlterField(
            model_name="import",
            name="kind",
            field=models.CharField(
                choices=[
                    ("people", "personnes"),
                    ("memberships", "adhésions"),
                    ("bookings", "réservations à venir"),
                    ("budget", "lignes de budget"),
                    ("ecosystem", "organisations de l’écosystème"),
                ],
                max_length=12,
                verbose_name="sorte",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["people", "memberships", "bookings", "budget", "ecosystem"])
                ),
                name="import_kind_is_known",
            ),
        ),
    ]
