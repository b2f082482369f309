"""Sellers, customers, orders, payments, documents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("facturation")

    def ready(self) -> None:
        """Fill the registries of the room below."""
        from billing import checks, reach  # noqa: F401 - the checks register themselves
        from billing.collecting import messages as letters
        from billing.documents import files
        from billing.quotes import files as quote_files
        from billing.settlement import messages

        reach.register()
        files.register()
        quote_files.register()
        messages.register()
        letters.register()
