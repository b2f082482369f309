"""What may only be read in `/gestion/`: records that have states or money, and rows shown beside a record."""

from typing import Any

from django.db.models import Model
from django.forms import Media
from django.http import HttpRequest

from members.desk import DeskAdmin, TabularInline
from members.told import told_among


class ReadOnlyAdmin(DeskAdmin):
    """What has states or money: read here, changed by pages of intent that call the services (design §8)."""

    actions = None

    @property
    def media(self) -> Media:
        """No script of Django's: nothing is ticked, and nothing is typed."""
        return Media()

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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Everything, as the site tells it."""
        return told_among(self.opts, self.fields or (), None, request)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The same, in one group."""
        return [(None, {"fields": self.get_readonly_fields(request, obj)})]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes a row by hand."""
        return False
