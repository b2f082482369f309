"""People, organisations, messages."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("personnes")

    def ready(self) -> None:
        """Declare the e-mails of accounts and the checks; models can be imported only from here on."""
        from allauth.account import signals as account_signals
        from allauth.usersessions import signals as usersessions
        from django.contrib.auth import user_logged_in

        from members import (
            account_messages,
            checks,
            forgetting,
            notice_messages,
            organisation_messages,
            own_data,
            personal_data,
            privacy_messages,
            reach,
        )
        from members.noting import note_sign_in
        from members.services.preferences import follow_changed_address

        account_messages.register()
        notice_messages.register()
        organisation_messages.register()
        privacy_messages.register()
        forgetting.register()
        for app in ("members", "account"):
            personal_data.register(app, own_data)
        register(personal_data.check_handlers)
        user_logged_in.connect(note_sign_in, dispatch_uid="members.note_sign_in")
        # allauth would keep the IP address of each session: ours notes them without.
        account_signals.user_logged_in.disconnect(usersessions.on_user_logged_in)
        for signal in (account_signals.password_set, account_signals.password_changed):
            signal.disconnect(usersessions.on_password_changed)
        account_signals.email_changed.connect(follow_changed_address, dispatch_uid="members.preferences")
        register(checks.messages_have_templates, Tags.templates)
        register(checks.messages_have_labels, Tags.templates)
        register(checks.views_declare_access, Tags.urls)
        register(reach.check_reach)
        register(checks.pages_are_complete, Tags.database, deploy=True)
