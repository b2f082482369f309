"""Where one is: links of the navigation, pages of a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import NoReverseMatch, reverse

from bookings.models import Site
from bookings.services import premises

register = template.Library()


@register.inclusion_tag("components/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, text: str, icon: str = "", anchor: str = "") -> dict[str, Any]:
    """One link of the navigation, marked when the page belongs to it; nothing while it has no address.

    `path` of the context is the page's address; a page may say where it belongs with `section` (a URL name).
    """
    try:
        url = reverse(name)
    except NoReverseMatch:
        return {"url": ""}
    path = context.get("path") or ""
    current = not anchor and (context["section"] == name if context.get("section") else belongs(path, url))
    return {"url": f"{url}{anchor}", "text": text, "icon": icon, "current": current, "exact": path == url}


def belongs(path: str, url: str) -> bool:
    """Whether `path` lies in the section that starts at `url`: /rouen/reserver/… belongs to /reserver/."""
    if url == "/":
        return path == "/"
    word = url.strip("/").split("/")[-1]
    return word in path.strip("/").split("/")[:2]


@dataclass(frozen=True)
class Place:
    """Where the page is at home, as its foot says it."""

    where: str
    email: str
    phone: str


@register.simple_tag(takes_context=True)
def house(context: Context) -> Place | None:
    """The site whose address a page ends with: its own, else the first that takes bookings."""
    site = context.get("site")
    if not isinstance(site, Site):
        site = next(iter(premises.current().open_sites), None)
    return Place(site.where, site.email, site.phone) if site else None


@dataclass(frozen=True)
class Account:
    """What the bars say of who is signed in."""

    name: str
    initials: str
    is_staff: bool


@register.filter
def account(user: Any) -> Account | None:
    """Who is signed in, by value; nothing for a visitor, or on a page without a request."""
    if not getattr(user, "is_authenticated", False):
        return None
    return Account(str(user), user.initials, user.is_staff)


@register.simple_tag
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """The numbers around a page, the rest as « … »."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
