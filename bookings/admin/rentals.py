"""Renting: spaces with their layouts and pictures, extras, dated rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet, TextField
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bookings.album import ALBUM
from bookings.choices import SpaceChoice
from bookings.models import (
    RentalDiscount,
    RentalExtra,
    RentalLayout,
    RentalPicture,
    RentalSpace,
    ScaleStep,
    Space,
)
from bookings.opinions import summary_said, with_opinions
from members.desk import DeskAdmin, StackedInline
from members.desk_dated import DatedAdmin
from members.pictures import BadPicture, Picture, StoredPicture, prepare


class LayoutInline(StackedInline):
    """How the space may be set up."""

    model = RentalLayout
    extra = 0
    fields = (("kind", "capacity"),)


class PictureForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """A picture and what it shows; the file is drawn anew in two sizes."""

    file = forms.FileField(
        label=_("Image"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    prepared: Picture | None = None

    class Meta:
        model = RentalPicture
        fields = ("file", "alt", "alt_en", "position")

    def clean_file(self) -> Any:
        """Draw it anew, or say what is wrong; a new row has one."""
        upload = self.cleaned_data.get("file")
        if upload is None:
            if not self.instance.large:
                raise forms.ValidationError(_("Choisissez une image."))
            return None
        try:
            self.prepared = prepare(upload, size=upload.size)
        except BadPicture as refused:
            raise forms.ValidationError(str(refused)) from refused
        return upload

    def _post_clean(self) -> None:
        """Keep what was drawn before the row is checked, which says its size."""
        if self.prepared is not None and not self.errors:
            kept = ALBUM.keep(self.prepared)
            row = self.instance
            row.large, row.small, row.width, row.height = kept.large, kept.small, kept.width, kept.height
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which stubs leave out


class PictureInline(StackedInline):
    """The pictures of the space, the first one on top of its page."""

    model = RentalPicture
    form = PictureForm
    extra = 0
    fields = ("shown", "file", "alt", "alt_en", "position")
    readonly_fields = ("shown",)

    @admin.display(description=_("gardée"))
    def shown(self, obj: RentalPicture) -> SafeString | str:
        """The picture itself, small."""
        if not obj.small:
            return "–"
        try:
            address = ALBUM.shown(StoredPicture(obj.large, obj.small, obj.width, obj.height))
        except FileNotFoundError:
            return str(_("fichier perdu"))
        return format_html('<img src="{}" alt="{}" height="120">', address, obj.alt)


@admin.register(RentalSpace)
class RentalSpaceAdmin(DeskAdmin):
    """A space that may be rented: what its page says."""

    inlines = (LayoutInline, PictureInline)
    formfield_overrides = {TextField: {"widget": forms.Textarea(attrs={"rows": 3})}}
    list_display = ("name", "site", "opinions", "is_public", "position")
    list_filter = ("is_public", "space__site")
    list_select_related = ("space__site",)
    search_fields = ("space__name", "pitch")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """With what people thought of each."""
        return with_opinions(super().get_queryset(request))

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Which space it is stays; what people thought of it is read."""
        return ("space", "opinions") if obj else ()

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Offer the spaces that are not rented yet: « Rouen · Le Quai »."""
        if db_field.name == "space":
            spaces = Space.objects.active().filter(rental=None).exclude(kind=Space.Kind.DESK)
            kwargs["queryset"] = spaces.select_related("site").order_by("site__position", "position")
            return super().formfield_for_foreignkey(db_field, request, form_class=SpaceChoice, **kwargs)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("espace"), ordering="space__name")
    def name(self, obj: RentalSpace) -> str:
        """The space."""
        return obj.space.label

    @admin.display(description=_("site"), ordering="space__site__name")
    def site(self, obj: RentalSpace) -> str:
        """Where it is."""
        return obj.space.site.name

    @admin.display(description=_("avis"))
    def opinions(self, obj: RentalSpace) -> str:
        """« 4,5 sur 5 · 2 avis · 1 louerait de nouveau »."""
        return summary_said(obj)


@admin.register(RentalExtra)
class RentalExtraAdmin(DeskAdmin):
    """What may be added; its prices are dated rows of « prix »."""

    list_display = ("product", "site", "per", "is_offered", "position")
    list_filter = ("site", "per", "is_offered")
    list_select_related = ("product", "site")
    search_fields = ("product__name", "product__code")


@admin.register(RentalDiscount)
class RentalDiscountAdmin(DatedAdmin):
    """Dated rules of discounts: a new one is a new row from its day on."""

    series = ("site_id", "audience")
    list_display = ("audience", "share", "label", "site", "valid_from", "valid_to")
    list_filter = ("site", "audience")
    list_select_related = ("site",)
    search_fields = ("label",)

    @admin.display(description=_("remise"), ordering="percent")
    def share(self, obj: RentalDiscount) -> str:
        """« 10 % »."""
        return f"{obj.percent}\u00a0%"


@admin.register(ScaleStep)
class ScaleStepAdmin(DatedAdmin):
    """Dated steps of the scale of cancellations: a quote keeps the one it was sent with."""

    series = ("site_id", "days_before")
    list_display = ("days_before", "share", "site", "valid_from", "valid_to")
    list_filter = ("site",)
    list_select_related = ("site",)

    @admin.display(description=_("gardé"), ordering="percent_kept")
    def share(self, obj: ScaleStep) -> str:
        """« 30 % »."""
        return f"{obj.percent_kept}\u00a0%"
