"""What a reader would have to trust: every line ordered is fulfilled, and invoiced by a known seller."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connection

from billing import fulfilment
from billing.models import OrderLine, Seller
from billing.sellers import ALWAYS, missing_fields


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


@register(Tags.database)
def every_seller_may_issue(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Say of which sellers documents are refused: a warning, for it is mended in the running place."""
    if not databases or Seller._meta.db_table not in connection.introspection.table_names():
        return []
    known = (*ALWAYS, "code", "siren", "rna", "vat_number", "vat_regime", "specimen")
    sellers = Seller.objects.filter(specimen=False).only(*known).order_by("code")
    return [
        Warning(
            f"The seller {seller.code} issues no document: {', '.join(missing)} missing.",
            hint="Run `manage.py setup`, or complete it in /gestion/.",
            id="billing.W001",
        )
        for seller in sellers
        if (missing := missing_fields(seller))
    ]
