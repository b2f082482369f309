"""Who manages which site. Whoever is a manager today manages every site: nobody loses access."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def give_every_site(apps, schema_editor):
    """One row without a site means all of them, as until now."""
    user_model = apps.get_model("members", "User")
    staff_site = apps.get_model("bookings", "StaffSite")
    managers = user_model.objects.filter(groups__name="manager").distinct()
    staff_site.objects.bulk_create(
        staff_site(user=user, site=None, since=timezone.now()) for user in managers.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("bookings", "0013_endings_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="depuis le")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="terminé le")),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="donné par",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        help_text="Vide\xa0: tous les sites, y compris ceux à venir.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff",
                        to="bookings.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staff_sites",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="personne",
                    ),
                ),
            ],
            options={
                "verbose_name": "site géré",
                "verbose_name_plural": "sites gérés",
                "db_table_comment": "A site that someone manages, or has managed; without a site, all of them",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("ended_at", None)),
                        fields=("user", "site"),
                        name="site_is_managed_once_by_someone",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunPython(give_every_site, migrations.RunPython.noop),
    ]
