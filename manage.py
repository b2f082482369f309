#!/usr/bin/env python
"""Run a management command of La Cantine Numérique."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from cantine.embedded.commands import services_for
from cantine.embedded.errors import CannotStart


def main() -> None:
    """Hand the command line to Django, with a database and a broker to talk to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cantine.settings")
    try:
        with services_for(sys.argv[1:], Path(__file__).resolve().parent):
            _ = settings.CANTINE_ENV  # what the settings refuse is a line here, not a traceback
            execute_from_command_line(sys.argv)
    except (CannotStart, ImproperlyConfigured) as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
