"""System checks: what a reader would otherwise have to trust."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from members.access import PUBLIC
from members.markdown import placeholders
from members.messages import kinds
from members.messages.rendering import template_names
from members.models import Page


def messages_have_templates(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Each registered message has its subject, its text part and its HTML part."""
    found: list[CheckMessage] = []
    for kind in kinds.registered():
        for name in template_names(kind.template):
            try:
                get_template(name)
            except TemplateDoesNotExist:
                found.append(Error(f"The message {kind.template} has no template {name}.", id="members.E001"))
    return found


def messages_have_labels(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Each registered message has the words that the management calls it by."""
    return [
        Error(f"The message {kind.template} has no label.", id="members.E004")
        for kind in kinds.registered()
        if not kind.label
    ]


def views_declare_access(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Each view says who may come in (members/access.py)."""
    return [
        Error(f"The view {name} ({route}) does not say who may come in.", id="members.E002")
        for route, name, view in walk()
        if not access_of(view)
    ]


def access_of(view: Any) -> str | None:
    """Read a view's declaration; what an admin site wraps with its own check stands as "staff"."""
    declared: str | None = getattr(view, "access", None)
    if declared is None and (hasattr(view, "admin_site") or hasattr(view, "model_admin")):
        return "staff"
    if declared is None and isinstance(getattr(view, "__self__", None), AdminSite):
        return PUBLIC if view.__name__ == "login" else None
    return declared


def walk(
    patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Walk the URL conf: (route, name, view) of each address."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, route)
        else:
            yield route, entry.lookup_str, entry.callback


def pages_are_complete(
    app_configs: Sequence[AppConfig] | None, databases: Any = None, **_: Any
) -> list[CheckMessage]:
    """The legal pages in force have nothing left to fill in."""
    if not databases or "default" not in databases:
        return []
    if Page._meta.db_table not in connections["default"].introspection.table_names():
        return []
    newest = Page.objects.order_by("slug", "language", "-valid_from", "-version").distinct("slug", "language")
    return [
        Warning(
            f"The page {page.slug} ({page.language}, version {page.version}) lacks: {' '.join(missing)}",
            hint=f"Write a new version of it at {settings.PUBLIC_URL}/gestion/.",
            id="members.W001",
        )
        for page in newest
        if (missing := placeholders(page.body))
    ]
