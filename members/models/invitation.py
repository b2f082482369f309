"""Invitations into an organisation: a private link that serves once and not for ever."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.keys import new_key
from members.models.organisation import Affiliation, Organisation
from members.models.user import User

LASTS = timedelta(days=14)
"""How long an invitation may be taken up."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads invitations."""

    def unanswered(self) -> Self:
        """Those nobody took up and nobody took back, run out or not."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def open_at(self, now: datetime) -> Self:
        """Those that still open the door at `now`: who sent them is responsible there still."""
        owner = Affiliation.objects.filter(
            organisation=OuterRef("organisation"), user=OuterRef("invited_by"), is_owner=True
        )
        return self.unanswered().filter(Exists(owner.filter(user__is_active=True)), expires_at__gt=now)


class Invitation(models.Model):
    """`email` is asked to belong to an organisation; whoever holds `key` may do so once, in time."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("adresse électronique"), max_length=254)
    role = models.CharField(_("rôle"), max_length=6, choices=Affiliation.Role)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    key = models.CharField(_("clé"), max_length=40, default=new_key, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("invitée par")
    )
    created_at = models.DateTimeField(_("envoyée le"), default=timezone.now)
    expires_at = models.DateTimeField(_("valable jusqu’au"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acceptée par"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        db_table_comment = "An address is asked to belong to an organisation, by a link that serves once"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="invitation_has_a_key_of_its_own"),
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="address_is_invited_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["member", "payer", "owner"]), name="invitation_role_is_known"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_ends_one_way"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="invitation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"

    def get_absolute_url(self) -> str:
        """The private link."""
        return reverse("members:join", args=[self.key])
