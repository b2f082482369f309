"""Terms that nobody completed yet say what renting is under: a new version, for the first may have been accepted.

A place that wrote its own terms, and one whose first version says it already, keep what they have.
"""

import hashlib

from django.db import migrations
from django.utils import timezone

from members.legal_pages import read

SLUG = "cgv"
BEFORE = {
    "fr": "022dd612ebb2f31683825de40cd1ec5739dfc5501b28b4b08d8891c95d70e9a2",
    "en": "e8d3ad96f34b948a0063aa8a712687484694d78fc7fe340c6bff06ee9f029f34",
}
"""SHA-256 of the first version as it came until now."""


def write_versions(apps, schema_editor):
    pages = apps.get_model("members", "Page").objects
    for language, sha256 in BEFORE.items():
        last = pages.filter(slug=SLUG, language=language).order_by("version").last()
        if last is None or hashlib.sha256(last.body.encode()).hexdigest() != sha256:
            continue
        title, body = read(SLUG, language)
        pages.create(
            slug=SLUG, language=language, version=last.version + 1, title=title, body=body,
            valid_from=timezone.localdate(),
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("members", "0009_second_factors_are_sealed")]

    operations = [migrations.RunPython(write_versions, migrations.RunPython.noop)]
