"""What sort of event it is."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Category(models.Model):
    """A sort of event, with the family of tiles its posters are drawn from."""

    class Tile(models.TextChoices):
        TIMBER = "colombage", _("colombage (ateliers, formations)")
        PLATE = "assiette", _("assiette (repas, verres)")
        VOICE = "voix", _("voix (conférences)")
        CLOTH = "nappe", _("nappe (permanences)")

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Dans les adresses."))
    name = models.CharField(_("nom"), max_length=60)
    name_en = models.CharField(_("nom en anglais"), max_length=60, blank=True)
    plural = models.CharField(_("pluriel"), max_length=60, help_text=_("Dans les filtres\u00a0: Ateliers."))
    plural_en = models.CharField(_("pluriel en anglais"), max_length=60, blank=True)
    tile = models.CharField(_("motif"), max_length=10, choices=Tile, default=Tile.TIMBER)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    class Meta:
        verbose_name = _("catégorie")
        verbose_name_plural = _("catégories")
        ordering: ClassVar[list[str]] = ["position", "name"]
        db_table_comment = "A sort of event: workshop, meal, talk"
        constraints = [
            models.CheckConstraint(
                condition=Q(tile__in=["colombage", "assiette", "voix", "nappe"]),
                name="category_tile_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the screen: « Atelier »."""
        return self.name_en if self.name_en and _english() else self.name

    @property
    def label_plural(self) -> str:
        """Its plural in the language of the screen: « Ateliers »."""
        return self.plural_en if self.plural_en and _english() else self.plural


def _english() -> bool:
    return (get_language() or "").startswith("en")
