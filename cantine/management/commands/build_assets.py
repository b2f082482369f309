"""`manage.py build_assets`: style sheets, fonts and translations, when their sources changed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cantine.assets.build import build_assets
from cantine.translations.compiled import compile_catalogues


class Command(BaseCommand):
    help = "Build style sheets and fonts into .build/ and compile the translations, if anything changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and say what was made."""
        base = settings.BASE_DIR
        for name in build_assets(source=base / "static", target=base / ".build"):
            self.stdout.write(f"built: {name}")
        for made in compile_catalogues(base):
            self.stdout.write(f"compiled: {made.relative_to(base)}")
