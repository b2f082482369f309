"""The composition root: what draws on several rooms."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CantineConfig(AppConfig):
    name = "cantine"
    verbose_name = _("La Cantine Numérique")

    def ready(self) -> None:
        """Declare our messages, write the roles once permissions exist; models load only from here on."""
        from cantine.roles import synchronise_after_migrate
        from cantine.setup import mailing

        mailing.register()
        post_migrate.connect(synchronise_after_migrate, sender=self, dispatch_uid="cantine.roles")
