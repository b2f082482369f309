"""Every address of the site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from cantine.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]

__all__ = ["path", "settings", "urlpatterns"]
