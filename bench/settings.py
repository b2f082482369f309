"""The application's settings, with the bare views beside its own and another database if asked for."""

import os

from cantine.settings import *  # noqa: F403 - the same application, or nothing would be compared
from cantine.settings import DATABASES, INSTALLED_APPS

ROOT_URLCONF = "bench.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "bench"]
DATABASES["default"]["NAME"] = os.environ.get("BENCH_DATABASE") or DATABASES["default"]["NAME"]
# The bare views' table is a yardstick, nobody's data.
SILENCED_SYSTEM_CHECKS = ["members.E005"]
