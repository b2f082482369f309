#!/usr/bin/env python
"""Run a management command of La Cantine Numérique."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cantine.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
