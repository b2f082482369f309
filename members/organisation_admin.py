"""Organisations at the manager's desk, with their people; somebody stays responsible."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from members import ecosystem_admin
from members.desk import DeskAdmin, StackedInline
from members.errors_organisation import LastOwner
from members.models import Affiliation, Organisation

if TYPE_CHECKING:
    Formset = BaseInlineFormSet[Affiliation, Organisation, Any]
else:
    Formset = BaseInlineFormSet


class KeepsAnOwner(Formset):
    """The people of an organisation: who has one responsible keeps one, and a new one names them."""

    def clean(self) -> None:
        """Refuse to take away the last owner who may sign in; two at once wait for one another.

        What counts is what will be written and what the database holds once it is our turn: a row that this
        form leaves alone may have lost its role since the form read it.
        """
        super().clean()
        if self.instance.pk is None:
            kept = [
                form for form in self.forms if form.cleaned_data.get("user") and not self._takes_out(form)
            ]
            lost = bool(kept) and not any(self._names_owner(form) for form in kept)
        else:
            lost = self._loses_the_last()
        if lost:
            raise ValidationError(f"{LastOwner.message} {LastOwner.instead}")

    def _loses_the_last(self) -> bool:
        """Whether the organisation had an owner and would have none; locks it."""
        Organisation.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
        written = [form for form in self.forms if form.has_changed()]
        if any(self._names_owner(form) for form in written if not self._takes_out(form)):
            return False
        owners = Affiliation.objects.filter(
            organisation=self.instance, is_owner=True, user__is_active=True
        ).values_list("pk", flat=True)
        return bool(owners) and set(owners) <= {form.instance.pk for form in written}

    def _names_owner(self, form: Any) -> bool:
        user = form.cleaned_data.get("user")
        return bool(user and user.is_active and form.cleaned_data.get("is_owner"))

    def _takes_out(self, form: Any) -> bool:
        return bool(form.cleaned_data.get("DELETE"))


class OwnerFilter(admin.SimpleListFilter):
    """Whether somebody decides who belongs."""

    title = _("responsable")
    parameter_name = "responsable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Only what is to be mended."""
        return [("sans", _("sans responsable"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Those that have people, and nobody responsible who may sign in."""
        if self.value() != "sans":
            return queryset
        return queryset.filter(pk__in=Organisation.objects.without_owner().values("pk"))


class AffiliationInline(StackedInline):
    """Who belongs to the organisation, and who may spend for it."""

    model = Affiliation
    formset = KeepsAnOwner
    extra = 0
    autocomplete_fields = ("user",)
    fields = ("user", "may_pay", "is_owner")


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    """A company, association or school."""

    list_display = ("name", "kind", "place", "created_at")
    list_filter = (*ecosystem_admin.ORGANISATION_FILTERS, OwnerFilter)
    list_select_related = ("profile__agglomeration",)
    search_fields = ("name", "profile__siren")
    ordering = ("name",)
    fields = ("name",)
    inlines = (*ecosystem_admin.ORGANISATION_INLINES, AffiliationInline)
    change_form_template = "admin/members/organisation/change_form.html"

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say where nobody is responsible: the form names someone."""
        obj = kwargs.get("obj")
        context["lacks_owner"] = (
            obj is not None and Organisation.objects.without_owner().filter(pk=obj.pk).exists()
        )
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("genre"), ordering="profile__kind")
    def kind(self, obj: Organisation) -> str:
        """What the file of the ecosystem says it is."""
        return obj.profile.get_kind_display() if hasattr(obj, "profile") else ""

    @admin.display(description=_("agglomération"), ordering="profile__agglomeration")
    def place(self, obj: Organisation) -> str:
        """Where the file says it is."""
        return str(obj.profile.agglomeration or "") if hasattr(obj, "profile") else ""
