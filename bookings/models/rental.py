"""What is offered to who rents: spaces with their layouts and pictures, and what may be added."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.pictures import SMALL


def _said(french: str, english: str) -> str:
    """A text in the language of the screen, French where there is no other."""
    return english if english and (get_language() or "").startswith("en") else french


class RentalSpaceQuerySet(models.QuerySet["RentalSpace"]):
    """Which spaces may be rented."""

    def public(self) -> "RentalSpaceQuerySet":
        """Those that anyone may see and ask for, in their order."""
        return self.filter(is_public=True, space__is_active=True, space__site__is_open=True)

    def listed(self) -> "RentalSpaceQuerySet":
        """With site, layouts and pictures, for the pages."""
        return self.select_related("space__site__seller").prefetch_related("layouts", "pictures")


class RentalSpace(models.Model):
    """A space that may be rented, as its page shows it."""

    space = models.OneToOneField(
        "bookings.Space", models.CASCADE, related_name="rental", verbose_name=_("espace")
    )
    is_public = models.BooleanField(_("montré"), default=True)
    pitch = models.TextField(_("présentation"), blank=True)
    pitch_en = models.TextField(_("présentation en anglais"), blank=True)
    included = models.TextField(_("ce qui est compris"), blank=True, help_text=_("Une chose par ligne."))
    included_en = models.TextField(_("ce qui est compris, en anglais"), blank=True)
    accessibility = models.TextField(_("accessibilité"), blank=True)
    accessibility_en = models.TextField(_("accessibilité en anglais"), blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = RentalSpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("espace à louer")
        verbose_name_plural = _("espaces à louer")
        ordering: ClassVar[list[str]] = ["position", "pk"]
        db_table_comment = "A space that may be rented, as its page shows it"

    def __str__(self) -> str:
        return str(self.space)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("bookings:rent_space", args=[self.space.site.code, self.space.code])

    @property
    def pitch_said(self) -> str:
        """The presentation in the language of the screen."""
        return _said(self.pitch, self.pitch_en)

    @property
    def included_said(self) -> list[str]:
        """What the price covers, a line each."""
        lines = _said(self.included, self.included_en).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def accessibility_said(self) -> str:
        """How one gets in and about, in the language of the screen."""
        return _said(self.accessibility, self.accessibility_en)

    @property
    def most(self) -> int:
        """For how many people at most, whatever the layout."""
        return max((layout.capacity for layout in self.layouts.all()), default=self.space.capacity)


class RentalLayout(models.Model):
    """How a space may be set up, and for how many."""

    class Kind(models.TextChoices):
        THEATRE = "theatre", _("en théâtre")
        CLASSROOM = "classroom", _("en classe")
        U_SHAPE = "u_shape", _("en U")
        MEETING = "meeting", _("en réunion")
        STANDING = "standing", _("debout")
        BANQUET = "banquet", _("en banquet")

    rental_space = models.ForeignKey(
        RentalSpace, models.CASCADE, related_name="layouts", verbose_name=_("espace à louer")
    )
    kind = models.CharField(_("disposition"), max_length=9, choices=Kind)
    capacity = models.PositiveSmallIntegerField(_("personnes"))

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering: ClassVar[list[str]] = ["rental_space", "-capacity", "pk"]
        db_table_comment = "How a rentable space may be set up, and for how many"
        constraints = [
            models.UniqueConstraint(fields=["rental_space", "kind"], name="layout_is_offered_once"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="layout_is_for_someone"),
            models.CheckConstraint(
                condition=Q(kind__in=["theatre", "classroom", "u_shape", "meeting", "standing", "banquet"]),
                name="layout_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class RentalPictureQuerySet(models.QuerySet["RentalPicture"]):
    """Which pictures are shown, and to whom."""

    def public(self) -> "RentalPictureQuerySet":
        """Those of spaces that anyone may see."""
        return self.filter(rental_space__in=RentalSpace.objects.public())

    def names(self) -> set[str]:
        """The files in use."""
        return {name for pair in self.values_list("large", "small") for name in pair}


class RentalPicture(models.Model):
    """A picture of a rentable space, kept in two sizes (members/pictures.py)."""

    rental_space = models.ForeignKey(
        RentalSpace, models.CASCADE, related_name="pictures", verbose_name=_("espace à louer")
    )
    large = models.CharField(_("grande image"), max_length=60)
    small = models.CharField(_("petite image"), max_length=60)
    width = models.PositiveIntegerField(_("largeur"))
    height = models.PositiveIntegerField(_("hauteur"))
    alt = models.CharField(
        _("texte de remplacement"),
        max_length=200,
        help_text=_("Ce que montre l’image, pour qui ne la voit pas."),
    )
    alt_en = models.CharField(_("texte de remplacement en anglais"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = RentalPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering: ClassVar[list[str]] = ["rental_space", "position", "pk"]
        db_table_comment = "A picture of a rentable space"
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gte=1, height__gte=1), name="rental_picture_has_a_size"
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="rental_picture_says_what_it_shows"),
        ]

    def __str__(self) -> str:
        return self.alt

    @property
    def alt_said(self) -> str:
        """What it shows, in the language of the screen."""
        return _said(self.alt, self.alt_en)

    @property
    def small_width(self) -> int:
        """How wide the small one is."""
        most_wide, most_high = SMALL
        return max(1, min(most_wide, self.width * most_high // self.height))


class RentalExtra(models.Model):
    """What may be added to a rental of a site; what it costs is the Price of its product."""

    class Per(models.TextChoices):
        RENTAL = "rental", _("par location")
        PERSON = "person", _("par personne")
        HOUR = "hour", _("par heure")

    site = models.ForeignKey(
        "bookings.Site", models.CASCADE, related_name="rental_extras", verbose_name=_("site")
    )
    product = models.ForeignKey(
        "billing.Product", models.PROTECT, related_name="rental_extras", verbose_name=_("article")
    )
    per = models.CharField(_("compté"), max_length=6, choices=Per, default=Per.RENTAL)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    is_offered = models.BooleanField(_("proposé"), default=True)

    class Meta:
        verbose_name = _("supplément")
        verbose_name_plural = _("suppléments")
        ordering: ClassVar[list[str]] = ["site", "position", "pk"]
        db_table_comment = "What may be added to a rental of a site"
        constraints = [
            models.UniqueConstraint(fields=["site", "product"], name="extra_is_offered_once_at_a_site"),
            models.CheckConstraint(
                condition=Q(per__in=["rental", "person", "hour"]), name="extra_is_counted_in_a_known_way"
            ),
        ]

    def __str__(self) -> str:
        return self.product.name_in(get_language() or "fr")
