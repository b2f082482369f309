"""Lists of dated rows at the desk: prices, texts and rules, of which what is in force is not edited."""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from members.desk import DeskAdmin


class DatedForm(ModelForm):  # type: ignore[type-arg]  # Django has no generics at run time
    """A dated row, whose end may be all that is left to set."""

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning, which no constraint looks at while that is not in the form."""
        data: dict[str, Any] = super().clean() or {}
        begins = data.get("valid_from") or self.instance.valid_from
        if begins and data.get("valid_to") and data["valid_to"] < begins:
            self.add_error("valid_to", _("La fin est avant le début."))
        return data


class DatedAdmin(DeskAdmin):
    """Dated rows: what is in force is not edited, a new row takes its place from its day on.

    `series` names the fields two rows share when one follows the other. « Nouvelle version » opens the form
    filled from a row (`?depuis=<id>`); saving it ends the row before, the day before.
    """

    form = DatedForm
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

    def fixed_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Once in force only the end may be set."""
        fixed = list(super().fixed_fields(request, obj))
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
        """End the row that this one follows, and save."""
        if not change and self.ends:
            same = {name: getattr(obj, name) for name in self.series}
            before = self.opts.model._default_manager.filter(**same, valid_from__lt=obj.valid_from)
            before.filter(valid_to__isnull=True).update(valid_to=obj.valid_from - timedelta(days=1))
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What has counted stays; a row to come may still be withdrawn."""
        allowed = super().has_change_permission(request, obj)
        return allowed and obj is not None and not self.in_force(obj)
