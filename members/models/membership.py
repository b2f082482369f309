"""Memberships: who is a member, and when."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.organisation import Organisation
from members.models.user import User


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads memberships by day."""

    def on(self, day: date) -> Self:
        """Those that hold on `day`; both ends belong to the membership."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def covering(self, user: User) -> Self:
        """Those that make `user` a member: their own, and those of their organisations."""
        mine = Q(user=user) | Q(organisation__in=Organisation.objects.filter(affiliations__user=user))
        return self.filter(mine)


class Membership(models.Model):
    """A person or an organisation is a member from one day to another, both included."""

    class Source(models.TextChoices):
        MANAGER = "manager", _("donnée par l’équipe")
        IMPORT = "import", _("reprise d’un fichier")
        SUBSCRIPTION = "subscription", _("formule")

    user = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("personne"),
    )
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    valid_from = models.DateField(_("du"))
    valid_to = models.DateField(_("au"), null=True, blank=True)
    source = models.CharField(_("origine"), max_length=12, choices=Source, default=Source.MANAGER)
    site_code = models.CharField(
        _("code du site"), max_length=40, blank=True, default="", db_default="", editable=False
    )
    """Where it was given, as text: this room knows no site. Empty: of the whole house."""
    created_at = models.DateTimeField(_("enregistrée le"), default=timezone.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("adhésion")
        verbose_name_plural = _("adhésions")
        db_table_comment = "A person or an organisation is a member from one day to another"
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, organisation__isnull=False)
                | Q(user__isnull=False, organisation__isnull=True),
                name="membership_is_a_persons_or_an_organisations",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "valid_from"], name="membership_of_person"),
            models.Index(fields=["organisation", "valid_from"], name="membership_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.organisation} · {self.valid_from}"
