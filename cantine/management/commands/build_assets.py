"""`manage.py build_assets`: style sheets and fonts, when their sources changed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cantine.assets.build import build_assets


class Command(BaseCommand):
    help = "Build the style sheets and the fonts into .build/, if anything changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and say what was made."""
        base = settings.BASE_DIR
        for name in build_assets(source=base / "static", target=base / ".build"):
            self.stdout.write(f"built: {name}")
