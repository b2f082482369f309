"""People, organisations, messages."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("personnes")

    def ready(self) -> None:
        """Declare the e-mails of accounts and the checks; models can be imported only from here on."""
        from members import (
            account_messages,
            checks,
            forgetting,
            notice_messages,
            own_data,
            personal_data,
            privacy_messages,
        )

        account_messages.register()
        notice_messages.register()
        privacy_messages.register()
        forgetting.register()
        for app in ("members", "account"):
            personal_data.register(app, own_data)
        register(personal_data.check_handlers)
        register(checks.messages_have_templates, Tags.templates)
        register(checks.messages_have_labels, Tags.templates)
        register(checks.views_declare_access, Tags.urls)
        register(checks.pages_are_complete, Tags.database, deploy=True)
