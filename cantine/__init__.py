"""The composition root of La Cantine Numérique."""

from cantine.celery import app as celery_app

__all__ = ["celery_app"]
