"""What lists and forms of /gestion/ have in common; the lowest room holds it, so that each app can use it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import options
from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import Field, ForeignKey, Q, QuerySet, URLField
from django.forms import Media, ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import personal_data, reach
from members.services.reading import note_list, note_read, person_of
from members.told import EMPTY, told_among

SCRIPTS = (
    "vendor/jquery/jquery.min.js",
    "jquery.init.js",
    "core.js",
    "admin/RelatedObjectLookups.js",
    "actions.js",
)

if TYPE_CHECKING:
    BaseModelAdmin = options.BaseModelAdmin[Any]
    InlineModelAdmin = options.InlineModelAdmin[Any, Any]
    ModelAdmin = admin.ModelAdmin[Any]
    DjangoTabularInline = admin.TabularInline[Any, Any]
    DjangoStackedInline = admin.StackedInline[Any, Any]
else:
    BaseModelAdmin, InlineModelAdmin = options.BaseModelAdmin, options.InlineModelAdmin
    ModelAdmin = admin.ModelAdmin
    DjangoTabularInline, DjangoStackedInline = admin.TabularInline, admin.StackedInline


ROLE_WORDS = {
    "coworker": gettext_lazy("coworkeur"),
    "volunteer": gettext_lazy("bénévole"),
    "manager": gettext_lazy("gestion"),
    "treasurer": gettext_lazy("trésorerie"),
}


SAID = "_desk_said"
"""Where a request keeps the sentence that takes the place of Django's."""


class FindSelect(AutocompleteSelect):
    """Django's searching select, with words inside: without them it has no name that can be read aloud."""

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Say what to do while nothing is chosen."""
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs["data-placeholder"] = _("Chercher…")
        return attrs


class ReachedFilter(admin.RelatedFieldListFilter):
    """Filters by what a row belongs to, offering what is within reach."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """The choices that who is looking may see."""
        ordering = self.field_admin_ordering(field, request, model_admin)
        rows = reach.seen_by(field.remote_field.model._default_manager.all(), request.user)
        return [(row.pk, str(row)) for row in (rows.order_by(*ordering) if ordering else rows)]


admin.FieldListFilter.register(
    lambda field: field.remote_field is not None and reach.has_rule(field.remote_field.model),
    ReachedFilter,
    take_priority=True,
)


class ReachedFields(BaseModelAdmin):
    """What a form offers: what lies within the reach of who fills it, in a list of its own or under a row."""

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        """Leave out the small icons that add or open what a field names: each thing has its own list."""
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Offer what is within reach; give searching selects their words."""
        target = db_field.remote_field.model
        if reach.has_rule(target):
            rows = kwargs.get("queryset", target._default_manager.all())
            kwargs["queryset"] = reach.managed_by(rows, request.user)
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = FindSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReachedRows(ReachedFields, InlineModelAdmin):
    """Rows shown under the thing they belong to, and changed there."""

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Without those about what lies elsewhere."""
        rows = super().get_queryset(request)
        for field in self.opts.fields:
            target = field.remote_field.model if isinstance(field, ForeignKey) else self.parent_model
            if target is not self.parent_model and reach.has_rule(target):
                here = reach.seen_by(target._default_manager.all(), request.user)
                rows = rows.filter(Q(**{field.name: None}) | Q(**{f"{field.name}__in": here}))
        return rows


class TabularInline(ReachedRows, DjangoTabularInline):
    """Such rows, one a line."""

    template = "admin/named_inline.html"


class StackedInline(ReachedRows, DjangoStackedInline):
    """Such rows, one under the other."""


class DeskAdmin(ReachedFields, ModelAdmin):
    """Plain reference data: an ordinary list and form, in the words of the place.

    `fixed_fields` says what a form shows without offering to change it; `list_title` names the list where the
    plural of the model is not what people call it; `lists_people`, whether who reads it is noted, where the
    registry of personal data answers wrongly.
    """

    list_title: str | Promise = ""
    lists_people: bool | None = None

    list_per_page = 25
    show_full_result_count = False
    empty_value_display = EMPTY
    save_on_top = False

    @property
    def media(self) -> Media:
        """Django's scripts, without the 190 kB that write a slug as its name is typed."""
        return Media(js=[f"admin/js/{name}" for name in SCRIPTS])

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """The rows within reach of who is looking: the others are not there."""
        return reach.seen_by(super().get_queryset(request), request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """What binds every site is added by who manages all of them."""
        return super().has_add_permission(request) and reach.may_change(request.user, self.model)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who reads everything changes only what they manage, and nothing that binds other sites."""
        allowed = super().has_change_permission(request, obj)
        return allowed and reach.may_change(request.user, self.model, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same for deleting, one row or several."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and reach.may_change(request.user, self.model, obj)

    def binds_others(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person would change the row, or add to the list, if it did not bind other sites."""
        if obj is None:
            return super().has_add_permission(request) and not self.has_add_permission(request)
        allowed = super().has_change_permission(request, obj)
        return allowed and not reach.may_change(request.user, self.model, obj)

    def fixed_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        """Names of what is shown and not changed."""
        return tuple(self.readonly_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What is fixed, with dates, hours and euros as the site tells them."""
        return told_among(self.opts, self.fixed_fields(request, obj), None, request)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What is fixed is no field of the form as well: Django knows it by the name that was told."""
        return [*(super().get_exclude(request, obj) or ()), *self.fixed_fields(request, obj)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The groups of fields; what may only be read is told as the site tells it."""
        may_change = obj is None or self.has_change_permission(request, obj)
        fixed = frozenset(self.fixed_fields(request, obj)) if may_change else None
        groups = super().get_fieldsets(request, obj)
        return [
            (title, {**group, "fields": told_among(self.opts, group["fields"], fixed, request)})
            for title, group in groups
        ]

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, with dates, hours and euros as the site tells them."""
        return told_among(self.opts, super().get_list_display(request), None, request)

    def note(self, request: HttpRequest, number: int) -> None:
        """Note who was given `number` rows of a list of people, the whole of it or what a word finds."""
        known = self.lists_people
        if personal_data.tells_of_people(self.model) if known is None else known:
            note_list(
                reader=request.user,  # type: ignore[arg-type]  # the site lets in nobody else
                page=request.path,
                asked=request.GET,
                people=number,
                now=timezone.now(),
            )

    def titled(self) -> str:
        """What the list is called."""
        return capfirst(str(self.list_title or self.opts.verbose_name_plural))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Call the list what it lists."""
        said = {"title": self.titled(), "binds_others": self.binds_others(request), **(extra_context or {})}
        response = super().changelist_view(request, said)
        shown = (getattr(response, "context_data", None) or {}).get("cl")
        if shown is not None and request.method == "GET":
            self.note(request, shown.result_count)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Call the form of a row by its list, beside its name."""
        said = {"title": self.titled(), **(extra_context or {})}
        if object_id is None:
            said |= {"subtitle": _("Ajouter")}
        return super().changeform_view(request, object_id, form_url, said)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask before deleting, in our words."""
        return super().delete_view(request, object_id, {"title": _("Supprimer"), **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What was changed here, and by whom."""
        return super().history_view(request, object_id, {"title": _("Historique"), **(extra_context or {})})

    def message_user(self, request: HttpRequest, message: Any, *args: Any, **kwargs: Any) -> None:
        """Say what `response_…` prepared instead of Django's own sentence."""
        super().message_user(request, getattr(request, SAID, message), *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Say that it is saved, whatever the gender of the thing."""
        setattr(request, SAID, _("C’est enregistré\u00a0: %(what)s.") % {"what": obj})
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """Say that it is saved, whatever the gender of the thing."""
        setattr(request, SAID, _("C’est enregistré\u00a0: %(what)s.") % {"what": obj})
        return super().response_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> Any:
        """Say that it is gone."""
        setattr(request, SAID, _("C’est supprimé\u00a0: %(what)s.") % {"what": obj_display})
        return super().response_delete(request, obj_display, obj_id)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Filter by what the list offers: by any other field a secret is guessed letter by letter."""
        offered = [each[0] if isinstance(each, tuple) else each for each in self.get_list_filter(request)]
        offered = [getattr(each, "parameter_name", each) for each in offered]
        names = [str(each) for each in (*offered, self.date_hierarchy) if isinstance(each, str)]
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in names)
        return is_offered and super().lookup_allowed(lookup, value, request)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """What is not there, or not within reach, is a 404 as everywhere else."""
        raise Http404

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read a row; Django takes an empty `_to_field` for a field's name and answers 500."""
        return super().get_object(request, object_id, from_field or None)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Note who opened a row about whom, where it is about someone; say why it is only read."""
        context["binds_others"] = self.binds_others(request, kwargs.get("obj"))
        note_read(
            reader=request.user,  # type: ignore[arg-type]  # the site lets in nobody else
            person_id=person_of(kwargs.get("obj")),
            page=request.path,
            now=timezone.now(),
        )
        return super().render_change_form(request, context, *args, **kwargs)


def pill(kind: str, text: object, icon: str = "") -> SafeString:
    """A state as its pill. `kind`: done, wait, due, here, mine or off."""
    return render_to_string("components/state.html", {"kind": kind, "text": text, "icon": icon})


def two_lines(first: object, second: object) -> SafeString:
    """What matters, and a line of less under it."""
    if not second:
        return format_html("<b>{}</b>", first)
    return format_html("<b>{}</b><small>{}</small>", first, second)
