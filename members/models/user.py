"""A person who signs in, by e-mail address."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from members.texts import first_name, initials


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail; addresses are compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without `password` only a code by e-mail opens the account."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create someone with every right, for the command line."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Roles are groups (cantine/roles.py); what they pay for is a billing Customer."""

    class Language(models.TextChoices):
        FRENCH = "fr", _("français")
        ENGLISH = "en", _("anglais")

    email = models.EmailField(_("adresse électronique"), max_length=254, unique=True)
    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    language = models.CharField(_("langue"), max_length=2, choices=Language, default=Language.FRENCH)
    is_active = models.BooleanField(_("compte ouvert"), default=True)
    is_staff = models.BooleanField(_("accès à la gestion"), default=False)
    date_joined = models.DateTimeField(_("compte créé le"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")
        db_table_comment = "A person who signs in, by e-mail address"
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="email_is_in_small_letters")
        ]
        triggers = [
            pgtrigger.Trigger(
                name="profile_follows_the_name",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("name"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("OLD.name IS DISTINCT FROM NEW.name"),
                func="UPDATE members_profile SET name = NEW.name WHERE user_id = NEW.id; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Compare addresses without case, whoever typed them."""
        super().clean()
        self.email = self.email.lower()

    @property
    def first_name(self) -> str:
        """How we greet this person."""
        return first_name(self.name)

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return initials(self.name or self.email)

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of this person's groups, read once per request."""
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *names: str) -> bool:
        """Whether this person has one of these roles; a superuser has them all."""
        return self.is_active and (self.is_superuser or not self.roles.isdisjoint(names))
