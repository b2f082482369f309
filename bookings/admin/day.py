"""What people report and write: read here, followed up by pages of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from bookings.models import ContactMessage, Problem
from members.desk import pill, two_lines
from members.desk_read_only import ReadOnlyAdmin

PILLS = {Problem.State.OPEN: "due", Problem.State.IN_HAND: "wait", Problem.State.SOLVED: "done"}
ICONS = {Problem.State.OPEN: "bell"}
SHOWN = 80


@admin.register(Problem)
class ProblemAdmin(ReadOnlyAdmin):
    """What is wrong, where, and how far it has come."""

    list_display = ("what", "said", "state_pill", "reported_at", "reported_by")
    list_filter = ("state", "kind", "site")
    list_select_related = ("site", "space", "reported_by")
    search_fields = ("words", "space__name", "reported_by__name", "reported_by__email")
    date_hierarchy = "reported_at"
    ordering = ("-reported_at", "-pk")
    fields = (
        "state_pill",
        "site",
        "space",
        "kind",
        "words",
        "picture",
        "reported_by",
        "reported_at",
        "taken_at",
        "handled_by",
        "solved_at",
        "answer",
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add whether this person may see to it."""
        context["may_handle"] = request.user.has_perm("bookings.handle_problem")
        context["today"] = timezone.localdate()
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("où"), ordering="space")
    def what(self, obj: Problem) -> SafeString:
        """The space, and what sort of thing it is."""
        return two_lines(obj.where, obj.get_kind_display())

    @admin.display(description=_("ce qui ne va pas"))
    def said(self, obj: Problem) -> str:
        """Its first words."""
        return Truncator(obj.words).chars(SHOWN)

    @admin.display(description=_("état"), ordering="state")
    def state_pill(self, obj: Problem) -> SafeString:
        """How far it has come."""
        state = Problem.State(obj.state)
        return pill(PILLS[state], obj.get_state_display(), ICONS.get(state, ""))

    @admin.display(description=_("photo"))
    def picture(self, obj: Problem) -> SafeString | str:
        """The picture, which opens large."""
        if not obj.picture_small:
            return "–"
        large = reverse("bookings:problem_picture", args=[obj.picture_large])
        small = reverse("bookings:problem_picture", args=[obj.picture_small])
        said = _("Photo du problème, en grand")
        return format_html(
            '<a href="{}"><img class="problem-picture" src="{}" alt="{}"></a>', large, small, said
        )


class WaitingFilter(admin.SimpleListFilter):
    """Whether somebody has answered."""

    title = _("état")
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The two choices."""
        return [("attend", _("à traiter")), ("traite", _("traité"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """By whether it was dealt with."""
        wanted = {"attend": {"dealt_with_at": None}, "traite": {"dealt_with_at__isnull": False}}
        return queryset.filter(**wanted.get(self.value() or "", {}))


@admin.register(ContactMessage)
class ContactMessageAdmin(ReadOnlyAdmin):
    """Who wrote what to the house."""

    list_display = ("who", "said", "state_pill", "sent_at", "site")
    list_filter = (WaitingFilter, "site")
    list_select_related = ("site",)
    search_fields = ("name", "email", "words")
    date_hierarchy = "sent_at"
    ordering = ("-sent_at", "-pk")
    fields = (
        "state_pill",
        "site",
        "name",
        "answer_to",
        "phone",
        "words",
        "sent_at",
        "dealt_with_at",
        "dealt_with_by",
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add whether this person may say that it is dealt with."""
        context["may_answer"] = request.user.has_perm("bookings.answer_contactmessage")
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("qui"), ordering="name")
    def who(self, obj: ContactMessage) -> SafeString:
        """Name and address."""
        return two_lines(obj.name, obj.email)

    @admin.display(description=_("message"))
    def said(self, obj: ContactMessage) -> str:
        """Its first words."""
        return Truncator(obj.words).chars(SHOWN)

    @admin.display(description=_("adresse électronique"))
    def answer_to(self, obj: ContactMessage) -> SafeString:
        """A link that begins the answer."""
        return format_html('<a href="mailto:{0}">{0}</a>', obj.email)

    @admin.display(description=_("état"), ordering="dealt_with_at")
    def state_pill(self, obj: ContactMessage) -> SafeString:
        """Whether somebody has answered."""
        return pill("done", _("traité")) if obj.dealt_with_at else pill("due", _("à traiter"), "bell")
