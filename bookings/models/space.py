"""What can be booked, what it is made of, and where it stands on the floor."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _


class Equipment(models.Model):
    """Something a space has: a window, a screen, silence."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=80)
    name_en = models.CharField(_("nom en anglais"), max_length=80, blank=True)
    icon = models.SlugField(_("icône"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("équipement")
        verbose_name_plural = _("équipements")
        ordering = ["name"]
        db_table_comment = "Something a space has: a window, a screen"

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the screen."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name


class Floor(models.Model):
    """One storey of a site, with the drawing that is not bookable: walls, windows, furniture."""

    site = models.ForeignKey("bookings.Site", models.CASCADE, related_name="floors", verbose_name=_("site"))
    name = models.CharField(_("nom"), max_length=80)
    drawing = models.JSONField(_("dessin"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("étage")
        verbose_name_plural = _("étages")
        ordering = ["site", "position"]
        db_table_comment = "One storey of a site, with what is drawn but not bookable"
        constraints = [
            models.UniqueConstraint(fields=["site", "name"], name="floor_name_is_one_at_a_site"),
        ]

    def __str__(self) -> str:
        return self.name


class SpaceQuerySet(models.QuerySet["Space"]):
    """Which spaces there are."""

    def active(self) -> "SpaceQuerySet":
        """Those that members may see, in the order of the list."""
        return self.filter(is_active=True).order_by("position", "number", "name")

    def with_atoms(self) -> "SpaceQuerySet":
        """Annotate `atom_ids`, sorted: the rows a booking of the space writes."""
        parts = SpacePart.objects.filter(space=OuterRef("pk")).order_by("atom_id").values("atom_id")
        return self.annotate(atom_ids=ArraySubquery(parts))


class Space(models.Model):
    """Anything bookable. Its parts are atoms; an atom's only part is itself."""

    class Kind(models.TextChoices):
        DESK = "desk", _("poste")
        ROOM = "room", _("salle")
        BOOTH = "booth", _("cabine")
        HALL = "hall", _("hall")

    site = models.ForeignKey("bookings.Site", models.PROTECT, related_name="spaces", verbose_name=_("site"))
    floor = models.ForeignKey(
        Floor, models.PROTECT, related_name="spaces", null=True, blank=True, verbose_name=_("étage")
    )
    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(_("sorte"), max_length=8, choices=Kind)
    name = models.CharField(_("nom"), max_length=80)
    short_name = models.CharField(_("nom court"), max_length=40, blank=True)
    number = models.PositiveSmallIntegerField(_("numéro"), null=True, blank=True)
    group = models.CharField(_("tablée"), max_length=60, blank=True)
    capacity = models.PositiveSmallIntegerField(_("places"), default=1)
    x = models.IntegerField("x", default=0)
    y = models.IntegerField("y", default=0)
    w = models.PositiveIntegerField(_("largeur"), default=122)
    h = models.PositiveIntegerField(_("hauteur"), default=122)
    rotation = models.PositiveSmallIntegerField(_("rotation"), default=0)
    door = models.JSONField(_("porte"), null=True, blank=True, default=None)
    equipment = models.ManyToManyField(
        Equipment, related_name="spaces", blank=True, verbose_name=_("équipements")
    )
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)
    is_active = models.BooleanField(_("montré"), default=True)
    out_of_order_reason = models.CharField(_("hors service"), max_length=120, blank=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("espace")
        verbose_name_plural = _("espaces")
        ordering = ["site", "position", "number", "name"]
        db_table_comment = "Anything bookable: desk, room, booth, hall"
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="space_code_is_one_at_a_site"),
            models.CheckConstraint(
                condition=Q(kind__in=["desk", "room", "booth", "hall"]), name="space_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its full name on the screen: « Poste 7 », « Salle Pommier »."""
        if self.kind == self.Kind.DESK and self.number is not None:
            return gettext("Poste %(number)s") % {"number": self.number}
        return self.name

    @property
    def short(self) -> str:
        """What fits on the plan: « 7 », « Pommier »."""
        return str(self.number) if self.number is not None else self.short_name or self.name

    @property
    def is_desk(self) -> bool:
        """A desk goes by half-days, everything else by quarter-hours."""
        return self.kind == self.Kind.DESK

    @property
    def centre(self) -> tuple[float, float]:
        """Where it stands on the floor, in the drawing's units."""
        return (self.x + self.w / 2, self.y + self.h / 2)


class SpacePart(models.Model):
    """`atom` is taken whenever `space` is: two rooms joined have two parts."""

    space = models.ForeignKey(Space, models.CASCADE, related_name="parts", verbose_name=_("espace"))
    atom = models.ForeignKey(Space, models.PROTECT, related_name="part_of", verbose_name=_("partie"))

    class Meta:
        verbose_name = _("partie d’un espace")
        verbose_name_plural = _("parties d’espaces")
        db_table_comment = "An atom that is taken whenever the space is"
        constraints = [
            models.UniqueConstraint(fields=["space", "atom"], name="atom_is_part_of_a_space_once"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} ⊃ {self.atom_id}"
