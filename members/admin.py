"""People, organisations, memberships, messages and pages at the manager's desk."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Max, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from members import reach
from members.desk import ROLE_WORDS, DeskAdmin, pill, two_lines
from members.desk_dated import DatedAdmin
from members.desk_read_only import ReadOnlyAdmin
from members.messages import kinds
from members.models import (
    Closing,
    Membership,
    Message,
    Page,
    StaffListRead,
    StaffRead,
    User,
)
from members.organisation_admin import OrganisationAdmin  # noqa: F401 - registered by being read
from members.services.sessions import end_sessions

# Groups are written from the table of roles; an address is proved, a second factor and a session are kept by
# their owner: none is edited by hand.
admin.site.unregister([Group, EmailAddress, Authenticator, UserSession])


@admin.register(User)
class UserAdmin(DeskAdmin):
    """A person. Rights are never given here: roles have a page of their own (cantine/roles.py)."""

    list_display = ("who", "role_names", "is_active", "date_joined")
    list_filter = ("groups", "is_active")
    search_fields = ("name", "email")
    ordering = ("name", "email")
    change_form_template = "admin/members/user/change_form.html"

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """What may be seen; the rest of the row stays out of every form."""
        if obj is None:
            return ("email", "name", "language")
        return ("name", "email", "language", "is_active", "role_names", "date_joined")

    def fixed_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """An address is proved by its owner; an account its owner closed is opened again by them alone."""
        fixed = ("role_names", "date_joined", *(("email",) if obj else ()))
        if obj is None:
            return fixed
        ends = Closing.objects.filter(user=obj, taken_back_at=None)
        if ends.exclude(erased_at=None).exists():
            return (*fixed, "name", "language", "is_active")
        return (*fixed, "is_active") if ends.filter(why=Closing.Why.ASKED).exists() else fixed

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Read the roles of the whole page at once."""
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Leave those who open /gestion/ to a superuser, but for oneself."""
        allowed = super().has_change_permission(request, obj)
        if not isinstance(obj, User) or getattr(request.user, "is_superuser", False):
            return allowed
        return allowed and (not (obj.is_staff or obj.is_superuser) or obj.pk == request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody is deleted: an account is closed."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[Any]", change: bool) -> None:
        """A new person has no password: a code by e-mail opens the account."""
        if not change:
            obj.email = obj.email.lower()
            obj.set_unusable_password()
            super().save_model(request, obj, form, change)
            return
        # Only what the form changed: the rest of the row may have changed since, by its owner who closes it.
        obj.save(update_fields=form.changed_data)
        if "is_active" in form.changed_data and not obj.is_active:
            end_sessions(obj)

    @admin.display(description=_("personne"), ordering="name")
    def who(self, obj: User) -> SafeString:
        """Name and address."""
        return two_lines(obj.name or obj.email, obj.email if obj.name else "")

    @admin.display(description=_("rôles"))
    def role_names(self, obj: User) -> str:
        """Roles in words."""
        return ", ".join(str(ROLE_WORDS.get(group.name, group.name)) for group in obj.groups.all()) or "–"


@admin.register(Membership)
class MembershipAdmin(DatedAdmin):
    """Given by adding a row, ended by its last day."""

    ends = False
    list_display = ("whose", "valid_from", "valid_to", "source")
    list_filter = ("source", "valid_to")
    list_select_related = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__name")
    ordering = ("-valid_from", "-id")
    autocomplete_fields = ("user", "organisation")
    fields = ("user", "organisation", "valid_from", "valid_to")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the person one comes from (`?user=<id>`)."""
        return {**super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Membership, form: "ModelForm[Any]", change: bool) -> None:
        """Given by who manages one site, it is of that one."""
        codes = reach.of(request.user).codes
        if not change and len(codes) == 1:
            obj.site_code = next(iter(codes))
        super().save_model(request, obj, form, change)

    @admin.display(description=_("membre"))
    def whose(self, obj: Membership) -> str:
        """The person or the organisation."""
        return str(obj.user or obj.organisation)


class KindFilter(admin.SimpleListFilter):
    """Which sort of message, in words."""

    title = _("sorte")
    parameter_name = "genre"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Every kind there is, by its words."""
        found = [(kind.template, capfirst(str(kind.label))) for kind in kinds.registered()]
        return sorted(found, key=lambda choice: str(choice[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """By kind."""
        return queryset.filter(template=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """What was written to whom; what failed may be asked for again."""

    KINDS = {"owed": "wait", "sent": "done", "dropped": "off", "failed": "due"}

    list_display = ("to", "what", "shown_state", "due_at", "sent_at")
    list_filter = ("state", KindFilter)
    search_fields = ("to", "subject", "key")
    fields = (
        "to",
        "subject",
        "kind",
        "language",
        "shown_state",
        "due_at",
        "next_try_at",
        "tries",
        "sent_at",
        "message_id",
        "last_error",
    )
    readonly_fields = ("kind", "shown_state")
    change_form_template = "admin/members/message/change_form.html"

    @admin.display(description=_("message"), ordering="template")
    def what(self, obj: Message) -> str:
        """Its subject once sent, its kind until then."""
        return obj.subject or capfirst(kinds.label_of(obj.template))

    @admin.display(description=_("sorte"))
    def kind(self, obj: Message) -> str:
        """What people call it."""
        return capfirst(kinds.label_of(obj.template))

    @admin.display(description=_("état"), ordering="state")
    def shown_state(self, obj: Message) -> SafeString:
        """The state as a pill."""
        icon = "warning" if obj.state == Message.FAILED else ""
        return pill(self.KINDS[obj.state], obj.get_state_display(), icon)


@admin.register(Page)
class PageAdmin(DatedAdmin):
    """Legal pages: each change is a version of its own, in force from its day."""

    ends = False
    list_display = ("title", "language", "version", "valid_from")
    list_filter = ("language", "slug")
    search_fields = ("title", "slug", "body")
    fields = ("slug", "language", "version", "title", "valid_from", "body")
    readonly_fields = ("version",)

    def save_model(self, request: HttpRequest, obj: Page, form: "ModelForm[Any]", change: bool) -> None:
        """Give a new version the next number."""
        if not change:
            same = Page.objects.filter(slug=obj.slug, language=obj.language)
            obj.version = (same.aggregate(last=Max("version"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)


@admin.register(StaffRead)
class StaffReadAdmin(ReadOnlyAdmin):
    """Who of the staff read what about whom; no role has the right to see it, so a superuser alone does."""

    list_display = ("at", "reader", "person", "page")
    list_select_related = ("reader", "person")
    search_fields = ("reader__name", "reader__email", "person__name", "person__email")
    ordering = ("-at", "-id")
    fields = ("at", "reader", "person", "page")


@admin.register(StaffListRead)
class StaffListReadAdmin(ReadOnlyAdmin):
    """Which lists of people were opened or taken away; for superusers, as the log of single reads."""

    lists_people = False  # but who of the staff did it
    list_display = ("at", "reader", "page", "filters", "people", "is_file")
    list_select_related = ("reader",)
    list_filter = ("is_file",)
    search_fields = ("reader__name", "reader__email", "page")
    ordering = ("-at", "-id")
    fields = ("at", "reader", "page", "filters", "people", "is_file")
