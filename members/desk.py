"""What lists and forms of /gestion/ have in common; the lowest room holds it, so that each app can use it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import Field, ForeignKey, Model
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    ModelAdmin, TabularInline, StackedInline = admin.ModelAdmin, admin.TabularInline, admin.StackedInline


ROLE_WORDS = {
    "coworker": gettext_lazy("coworkeur"),
    "volunteer": gettext_lazy("bénévole"),
    "manager": gettext_lazy("gestion"),
    "treasurer": gettext_lazy("trésorerie"),
}


class FindSelect(AutocompleteSelect):
    """Django's searching select, with words inside: without them it has no name that can be read aloud."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Say what to do while nothing is chosen."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["data-placeholder"] = _("Chercher…")
        return attrs


class DeskAdmin(ModelAdmin):
    """Plain reference data: an ordinary list and form."""

    list_per_page = 25
    show_full_result_count = False
    save_on_top = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Filter by what the list offers: by any other field a secret is guessed letter by letter."""
        offered = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        offered = [getattr(each, "parameter_name", each) for each in offered]
        names = [str(each) for each in (*offered, self.date_hierarchy) if isinstance(each, str)]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in names)
        return is_offered and super().lookup_allowed(lookup, value, request)

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the small icons that add or open what a field names: each thing has its own list."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Give searching selects their words."""
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = FindSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnlyAdmin(DeskAdmin):
    """What has states or money: read here, changed by pages of intent that call the services (design §8)."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a row by hand."""
        return False


class ReadOnlyInline(TabularInline):
    """Rows shown under the thing they belong to."""

    extra = 0
    can_delete = False
    template = "admin/readonly_inline.html"

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a row by hand."""
        return False


class DatedAdmin(DeskAdmin):
    """Dated rows: what is in force is not edited, a new row takes its place from its day on.

    `series` names the fields two rows share when one follows the other. « Nouvelle version » opens the form
    filled from a row (`?depuis=<id>`); saving it ends the row before, the day before.
    """

    series: tuple[str, ...] = ()
    ends = True
    change_form_template = "admin/dated_change_form.html"

    def in_force(self, obj: Model) -> bool:
        """Whether the row counts today already, or has counted."""
        return bool(obj.valid_from <= timezone.localdate())  # type: ignore[attr-defined]  # every dated row has it

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The order of the model, whether they may be changed or not."""
        if self.fields is not None:
            return self.fields
        return [field.name for field in self.opts.fields if field.editable and not field.primary_key]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Once in force only the end may be set."""
        fixed = list(super().get_readonly_fields(request, obj))
        if obj is None or not self.in_force(obj):
            return fixed
        names = [field.name for field in self.opts.fields if field.name not in {"id", "valid_to"}]
        return [*fixed, *(name for name in names if name not in fixed)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill the form from the row it follows."""
        source = request.GET.get("depuis", "")
        before = self.get_queryset(request).filter(pk=source).first() if source.isdecimal() else None
        if before is None:
            return super().get_changeform_initial_data(request)
        skipped = {"id", "valid_from", "valid_to", "created_at", "version"}
        values = {field.attname: getattr(before, field.attname) for field in self.opts.fields}
        return {field.name: values[field.attname] for field in self.opts.fields if field.name not in skipped}

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:
        """Save, and end the row that this one follows."""
        super().save_model(request, obj, form, change)
        if change or not self.ends:
            return
        same = {name: getattr(obj, name) for name in self.series}
        before = self.opts.model._default_manager.filter(**same, valid_from__lt=obj.valid_from)
        still_on = before.exclude(pk=obj.pk).filter(valid_to__isnull=True)
        still_on.update(valid_to=obj.valid_from - timedelta(days=1))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What has counted stays; a row to come may still be withdrawn."""
        allowed = super().has_change_permission(request, obj)
        return allowed and obj is not None and not self.in_force(obj)


def pill(kind: str, text: object, icon: str = "") -> SafeString:
    """A state as its pill. `kind`: done, wait, due, here, mine or off."""
    return render_to_string("components/state.html", {"kind": kind, "text": text, "icon": icon})


def two_lines(first: object, second: object) -> SafeString:
    """What matters, and a line of less under it."""
    if not second:
        return format_html("<b>{}</b>", first)
    return format_html("<b>{}</b><small>{}</small>", first, second)
