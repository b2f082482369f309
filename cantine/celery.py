"""The Celery application: its tasks are the hands, the database is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cantine.settings")

app = Celery("cantine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
