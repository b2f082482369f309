"""Organisations and the people who belong to them."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import reach
from members.models.user import User


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads organisations."""

    def visible_to(self, user: User) -> Self:
        """Those this person belongs to, and those within reach of who runs the place."""
        if reach.sees_everything(user):
            return self
        theirs = self.model._default_manager.filter(affiliations__user=user).values("pk")
        return self.filter(Q(pk__in=theirs) | reach.seen(self.model, user))

    def joined_by(self, user: User) -> Self:
        """Those this person belongs to, whatever their role here."""
        return self.filter(affiliations__user=user)

    def payable_by(self, user: User) -> Self:
        """Those this person may commit to a payment."""
        return self.filter(affiliations__user=user, affiliations__may_pay=True)

    def owned_by(self, user: User) -> Self:
        """Those whose people this person decides about."""
        return self.filter(affiliations__user=user, affiliations__is_owner=True)

    def kept_by(self, user: User) -> Self:
        """Those that have other people who may sign in, and of these nobody but `user` who is responsible."""
        others = Affiliation.objects.filter(organisation=OuterRef("pk"), user__is_active=True).exclude(
            user=user
        )
        return self.owned_by(user).filter(Exists(others), ~Exists(others.filter(is_owner=True)))

    def without_owner(self) -> Self:
        """Those that have people, and nobody among them who is responsible and may sign in."""
        people = Affiliation.objects.filter(organisation=OuterRef("pk"), user__is_active=True)
        return self.filter(Exists(people), ~Exists(people.filter(is_owner=True)))


class Organisation(models.Model):
    """A company, association or school: one customer that pays for several people."""

    name = models.CharField(_("nom"), max_length=160)
    people = models.ManyToManyField(
        User, through="Affiliation", related_name="organisations", verbose_name=_("personnes")
    )
    created_at = models.DateTimeField(_("créée le"), default=timezone.now)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        db_table_comment = "A company, association or school that pays for several people"
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Affiliation(models.Model):
    """A person belongs to an organisation, may or may not spend its money, and decide who else belongs."""

    class Role(models.TextChoices):
        """The three of them as one answer; kept as two flags, so that the money has its own."""

        MEMBER = "member", _("membre")
        PAYER = "payer", _("peut payer")
        OWNER = "owner", _("responsable")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("personne")
    )
    may_pay = models.BooleanField(_("peut engager ses dépenses"), default=False)
    is_owner = models.BooleanField(_("décide de ses personnes"), default=False)
    created_at = models.DateTimeField(_("depuis le"), default=timezone.now)

    class Meta:
        verbose_name = _("rattachement")
        verbose_name_plural = _("rattachements")
        db_table_comment = "A person belongs to an organisation, and may or may not spend its money"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="person_belongs_once"),
            models.CheckConstraint(
                condition=models.Q(is_owner=False) | models.Q(may_pay=True), name="owner_may_pay"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"

    @property
    def role(self) -> Role:
        """Owner, payer or member."""
        if self.is_owner:
            return self.Role.OWNER
        return self.Role.PAYER if self.may_pay else self.Role.MEMBER

    @role.setter
    def role(self, role: str) -> None:
        self.is_owner, self.may_pay = role == self.Role.OWNER, role != self.Role.MEMBER
