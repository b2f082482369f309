"""What people chose: whether their presence is shown, and which e-mails they do without."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.user import User


class Preferences(models.Model):
    """A person's choices; without a row nothing is shared."""

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="preferences", verbose_name=_("personne")
    )
    shares_presence = models.BooleanField(
        _("montrer aux personnes qui viennent ici que je suis là"), default=False
    )

    class Meta:
        verbose_name = _("préférences")
        verbose_name_plural = _("préférences")
        db_table_comment = "What a person chose to show of themself"

    def __str__(self) -> str:
        return str(self.user)


class OptOut(models.Model):
    """An address does without the e-mails of one topic; by address, for guests receive them too."""

    email = models.EmailField(_("adresse électronique"), max_length=254)
    topic = models.CharField(_("sujet"), max_length=12)
    since = models.DateTimeField(_("depuis le"), default=timezone.now)

    class Meta:
        verbose_name = _("désabonnement")
        verbose_name_plural = _("désabonnements")
        db_table_comment = "An address does without the e-mails of one topic"
        constraints = [
            models.UniqueConstraint(fields=["email", "topic"], name="topic_is_refused_once"),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="opt_out_email_is_in_small_letters"
            ),
            models.CheckConstraint(
                condition=Q(topic__in=["reminders", "events", "notices", "digest"]),
                name="opt_out_topic_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.topic}"
