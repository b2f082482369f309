"""Every address of the site."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = []

__all__ = ["path", "settings", "urlpatterns"]
