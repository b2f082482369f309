"""What anyone writes to the house from its contact page."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ContactMessageQuerySet(models.QuerySet["ContactMessage"]):
    """Which still wait."""

    def waiting(self) -> "ContactMessageQuerySet":
        """Those nobody has dealt with, oldest first."""
        return self.filter(dealt_with_at=None).order_by("sent_at", "pk")


class ContactMessage(models.Model):
    """Somebody, without an account, writes to a site; the answer goes by e-mail, from a person."""

    site = models.ForeignKey(
        "bookings.Site", models.PROTECT, related_name="contact_messages", verbose_name=_("site")
    )
    name = models.CharField(_("nom"), max_length=120)
    email = models.EmailField(_("adresse électronique"), max_length=254)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    words = models.TextField(_("message"), max_length=3000)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    sent_at = models.DateTimeField(_("reçu le"))
    dealt_with_at = models.DateTimeField(_("traité le"), null=True, blank=True)
    dealt_with_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("traité par"),
    )
    form_token = models.CharField(max_length=40, blank=True, editable=False)

    objects = ContactMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message reçu")
        verbose_name_plural = _("messages reçus")
        ordering: ClassVar[list[str]] = ["-sent_at", "-id"]
        permissions = [("answer_contactmessage", _("Répond aux messages reçus"))]
        db_table_comment = "What anyone writes to the house from its contact page"
        indexes = [
            models.Index(fields=["sent_at"], condition=Q(dealt_with_at=None), name="contact_that_waits"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["form_token"], condition=~Q(form_token=""), name="contact_form_serves_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
