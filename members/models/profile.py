"""A person as the directory shows them to members: only who asked to, only what they chose to show."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, TextField, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.searching import SearchedQuerySet, hay_of, tsv_of
from members.models.user import User
from members.rights import house
from members.texts import initials


def new_slug() -> str:
    """The end of an address that tells nothing of who it belongs to."""
    return secrets.token_hex(5)


class ProfileQuerySet(SearchedQuerySet):
    """Which profiles, and for whom."""

    def listed(self, day: date) -> Self:
        """Those of the directory: asked for, named, and of people of the house on `day`."""
        return self.filter(is_listed=True, user__in=house(day)).exclude(name="")

    def visible_to(self, user: User, now: datetime) -> Self:
        """What this person may read: the directory when they are of the house, and always their own."""
        day = timezone.localdate(now)
        theirs = (
            Q(is_listed=True, user__in=house(day))
            & ~Q(name="")
            & Q(models.Exists(house(day).filter(pk=user.pk)))
        )
        return self.filter(theirs | Q(user=user))

    def with_skill(self, key: str) -> Self:
        """Those that show this skill, whatever its accents."""
        return self.filter(skill_keys__contains=[key])

    def pictures(self) -> set[str]:
        """The names of every picture that is used."""
        rows = self.exclude(photo="").values_list("photo", "photo_small")
        return {name for row in rows for name in row}


def _shown(name: str) -> Func:
    """A field, or nothing while it is kept from the others."""
    return Func(F(name), Value(name), F("shown"), function="app_shown", output_field=TextField())


def _keys() -> Func:
    return Func(F("skills"), Value("skills"), F("shown"), function="app_keys", output_field=_words())


def _words() -> "ArrayField[Any, Any]":
    return ArrayField(models.TextField())


SEARCHED = ("job", "organisation", "about", "looking_for", "offering")
HAY = (
    F("name"),
    *(_shown(name) for name in SEARCHED),
    Func(_keys(), function="app_joined", output_field=TextField()),
)


@dataclass(frozen=True)
class Card:
    """What members read of a profile; what is kept from them is empty."""

    name: str
    initials: str
    job: str
    organisation: str
    about: str
    looking_for: str
    offering: str
    skills: list[str]
    links: list[str]
    email: str
    photo: str
    photo_small: str

    @property
    def line(self) -> str:
        """« Graphiste, Studio Pommeau »."""
        return ", ".join(part for part in (self.job, self.organisation) if part)


class Profile(models.Model):
    """What someone tells the others of themself. `name` follows the person's, by a trigger."""

    class Field(models.TextChoices):
        PHOTO = "photo", _("photo")
        JOB = "job", _("métier")
        ORGANISATION = "organisation", _("organisation")
        SKILLS = "skills", _("compétences")
        ABOUT = "about", _("présentation")
        LOOKING_FOR = "looking_for", _("ce que vous cherchez")
        OFFERING = "offering", _("ce que vous proposez")
        LINKS = "links", _("liens")
        EMAIL = "email", _("adresse électronique")

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="profile", verbose_name=_("personne")
    )
    slug = models.SlugField(_("adresse"), max_length=12, default=new_slug, unique=True)
    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    is_listed = models.BooleanField(_("dans l’annuaire"), default=False)
    shown = ArrayField(
        models.CharField(max_length=12, choices=Field),
        verbose_name=_("ce que les membres voient"),
        default=list,
        blank=True,
    )
    job = models.CharField(_("métier"), max_length=80, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    skills = ArrayField(
        models.CharField(max_length=40), verbose_name=_("compétences"), default=list, blank=True
    )
    about = models.TextField(_("présentation"), max_length=1200, blank=True)
    looking_for = models.TextField(_("ce que vous cherchez"), max_length=400, blank=True)
    offering = models.TextField(_("ce que vous proposez"), max_length=400, blank=True)
    website = models.URLField(_("site"), blank=True)
    network = models.URLField(_("réseau professionnel"), blank=True)
    photo = models.CharField(_("photo"), max_length=60, blank=True)
    photo_small = models.CharField(_("petite photo"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("créé le"), default=timezone.now)
    changed_at = models.DateTimeField(_("changé le"), default=timezone.now)

    hay = hay_of(*HAY)
    tsv = tsv_of(*HAY)
    skill_keys = GeneratedField(expression=_keys(), output_field=_words(), db_persist=True)
    sort_name = GeneratedField(
        expression=Func(F("name"), function="app_hay", output_field=TextField()),
        output_field=TextField(),
        db_persist=True,
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profil")
        verbose_name_plural = _("profils")
        db_table_comment = "What someone tells the other members of themself, if they want to"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    shown__contained_by=[
                        "photo",
                        "job",
                        "organisation",
                        "skills",
                        "about",
                        "looking_for",
                        "offering",
                        "links",
                        "email",
                    ]
                ),
                name="profile_shows_known_fields",
            ),
            models.CheckConstraint(
                condition=Q(photo="", photo_small="") | ~Q(photo="") & ~Q(photo_small=""),
                name="profile_photo_has_both_sizes",
            ),
        ]
        indexes = [
            GinIndex(OpClass(F("hay"), name="gin_trgm_ops"), name="profile_hay"),
            GinIndex(fields=["tsv"], name="profile_tsv"),
            GinIndex(fields=["skill_keys"], name="profile_skills"),
            models.Index(fields=["sort_name", "id"], condition=Q(is_listed=True), name="profile_in_order"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Un membre"))

    def get_absolute_url(self) -> str:
        """Where members read it."""
        return reverse("members:profile", args=[self.slug])

    @property
    def card(self) -> Card:
        """What the others read."""
        kept = {name: getattr(self, name) if name in self.shown else "" for name in SEARCHED}
        return Card(
            name=self.name,
            initials=initials(self.name),
            skills=self.skills if "skills" in self.shown else [],
            links=[link for link in (self.website, self.network) if link] if "links" in self.shown else [],
            email=self.user.email if "email" in self.shown else "",
            photo=self.photo if "photo" in self.shown else "",
            photo_small=self.photo_small if "photo" in self.shown else "",
            **kept,
        )
