"""What is said of a seller is said at each of its sites: changed by who manages all of them."""

from typing import Any

from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

from billing.models import Seller
from members import reach
from members.desk import DeskAdmin


class OfWholeSeller(DeskAdmin):
    """A list of what binds every site of a seller; `binds` names the field that leads to the seller.

    Which rows may be changed is said in billing/reach.py; here, which may be added.
    """

    binds = "seller"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Of a seller of hers, for who manages some sites: there must be one that sells at no other."""
        found = reach.of(request.user)
        return super().has_add_permission(request) and (found.everywhere or bool(found.whole_sellers))

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        """Who does not manage every site names such a seller, or what is of one; never all of them."""
        found = reach.of(request.user)
        if db_field.name == self.binds and not found.everywhere:
            target = db_field.remote_field.model
            path = "pk__in" if target is Seller else "seller__in"
            rows = target._default_manager.filter(**{path: found.whole_sellers})
            kwargs |= {"queryset": rows, "required": True}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
