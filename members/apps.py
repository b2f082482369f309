"""People, organisations, messages."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("personnes")

    def ready(self) -> None:
        """Declare the e-mails of accounts and the checks; models can be imported only from here on."""
        from allauth.account.signals import email_changed

        from members import account_messages, checks, organisation_messages
        from members.services.preferences import follow_changed_address

        account_messages.register()
        organisation_messages.register()
        email_changed.connect(follow_changed_address, dispatch_uid="members.preferences")
        register(checks.messages_have_templates, Tags.templates)
        register(checks.messages_have_labels, Tags.templates)
        register(checks.views_declare_access, Tags.urls)
        register(checks.pages_are_complete, Tags.database, deploy=True)
