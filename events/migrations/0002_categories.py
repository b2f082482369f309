"""The sorts of events a place begins with; the team changes them in /gestion/."""

from django.db import migrations

CATEGORIES = (
    ("atelier", "Atelier", "Workshop", "Ateliers", "Workshops", "colombage"),
    ("rencontre", "Rencontre", "Meetup", "Rencontres", "Meetups", "assiette"),
    ("conference", "Conférence", "Talk", "Conférences", "Talks", "voix"),
    ("formation", "Formation", "Course", "Formations", "Courses", "colombage"),
    ("repas", "Repas", "Meal", "Repas", "Meals", "assiette"),
    ("permanence", "Permanence", "Drop-in", "Permanences", "Drop-ins", "nappe"),
)


def write(apps, schema_editor):
    category = apps.get_model("events", "Category")
    for position, (code, name, name_en, plural, plural_en, tile) in enumerate(CATEGORIES, 1):
        category.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "name_en": name_en,
                "plural": plural,
                "plural_en": plural_en,
                "tile": tile,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
