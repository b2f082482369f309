"""Sellers, customers, orders, payments, documents."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    name = "billing"
    verbose_name = _("facturation")

    def ready(self) -> None:
        """Fill the registries of the room below."""
        from django.contrib.auth import user_logged_in

        from billing import (
            checks,  # noqa: F401 - registers itself
            forgetting,
            personal_data,
            reach,
        )
        from billing.collecting import messages as letters
        from billing.documents import files
        from billing.quotes import files as quote_files
        from billing.settlement import messages
        from billing.till import journal
        from members import personal_data as registry

        reach.register()
        files.register()
        quote_files.register()
        messages.register()
        letters.register()
        forgetting.register()
        registry.register("billing", personal_data)
        user_logged_in.connect(journal.note_sign_in, dispatch_uid="billing.note_sign_in")
