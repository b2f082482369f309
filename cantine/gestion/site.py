"""Our admin site: who comes in, what stands around every page, and the pages of our own."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from cantine.gestion import counts, navigation
from cantine.gestion.urls import pages
from members import reach
from members.access import public
from members.desk import DeskAdmin
from members.models import User


class NotedAutocomplete(AutocompleteJsonView):
    """What a searching field finds."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Note who was given how many rows of which list."""
        found = super().get_context_data(**kwargs)
        if isinstance(self.model_admin, DeskAdmin):
            self.model_admin.note(self.request, found["paginator"].count)
        return found


class GestionSite(AdminSite):
    """/gestion/: for who has a role that opens it, signed in through allauth and nothing else."""

    site_header = _("La Cantine, gestion")
    site_title = _("gestion de La Cantine Numérique")
    index_title = _("Aujourd’hui")
    enable_nav_sidebar = True

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add the side nav and what the header offers."""
        context = super().each_context(request)
        if self.has_permission(request):
            context["waiting"] = counts.waiting(cast("User", request.user))
            context["navigation"] = navigation.groups(self, request, context["waiting"])
            context["may_sell"] = request.user.has_perm("members.add_user")
        return context

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """List the models once a template asks: ours have a nav of their own, and it takes 10 ms."""
        list_them = super().get_app_list
        return SimpleLazyObject(lambda: list_them(request, app_label))

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who has something to look at."""
        return super().has_permission(request) and reach.runs_something(request.user)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Answer 403 to who is signed in and has no business here, where Django asks to sign in again."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponseBase = inner(request, *args, **kwargs)
            return response

        return update_wrapper(guarded, inner)

    @public
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send to allauth's sign-in; Django's own form is never shown."""
        response: HttpResponse = secure_admin_login(lambda _request: redirect("admin:index"))(request)
        return response

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Find what a field names, as Django does, and note who looked for people."""
        return cast("HttpResponse", NotedAutocomplete.as_view(admin_site=self)(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Ours first; without Django's password pages, since allauth has them."""
        theirs = [
            entry
            for entry in super().get_urls()
            if not (isinstance(entry, URLPattern) and (entry.name or "").startswith("password_change"))
        ]
        return [*pages(self), *theirs]
