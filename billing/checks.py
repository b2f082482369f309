"""What a reader would have to trust: every line ordered has somebody who fulfils it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from billing import fulfilment
from billing.models import OrderLine


@register(Tags.database)
def every_kind_has_its_handler(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse to start on orders of a kind that no room registered."""
    if not databases or OrderLine._meta.db_table not in connection.introspection.table_names():
        return []
    known = fulfilment.kinds()
    unknown = OrderLine.objects.exclude(kind__in=known).order_by("kind").values_list("kind", flat=True)
    return [
        Error(f"Orders hold lines of kind {kind}, which no room fulfils.", id="billing.E001")
        for kind in unknown.distinct()
    ]
