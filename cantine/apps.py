"""The composition root: what draws on several rooms."""

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CantineConfig(AppConfig):
    name = "cantine"
    verbose_name = _("La Cantine Numérique")

    def ready(self) -> None:
        """Wire what watches and writes; write the roles once permissions exist. Models are there by now."""
        from cantine import forgetting, personal_data, reach
        from cantine.pilotage import messages as pilotage_messages
        from cantine.roles import synchronise_after_migrate
        from cantine.setup import mailing
        from cantine.watching import carrying
        from members import personal_data as registry

        carrying.wire()
        if settings.SENTRY_DSN:
            from cantine.watching import errors

            errors.start(settings.SENTRY_DSN, environment=settings.CANTINE_ENV)

        reach.register()
        forgetting.register()
        mailing.register()
        pilotage_messages.register()
        post_migrate.connect(synchronise_after_migrate, sender=self, dispatch_uid="cantine.roles")
        registry.register("admin", personal_data)
