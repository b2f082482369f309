"""The side nav, in the manager's words: what she uses all day, then groups that open, with counts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.apps import apps
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members import reach

Text = str | Promise


@dataclass(frozen=True)
class Entry:
    """A place: a model's list (`app.model`) or a page of ours (its URL name); `records` are under it.

    What `acts` is for who manages a site, not for who only reads; what is `whole`, for who sees every site.
    """

    label: Text
    icon: str
    target: str
    count: str = ""
    records: str = ""
    acts: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Link:
    """An entry this person may open, as the template prints it."""

    label: Text
    icon: str
    url: str
    count: int
    current: bool


@dataclass(frozen=True)
class Group:
    """Links under a heading that opens and closes; without one they are always there."""

    label: Text
    links: list[Link]

    @property
    def is_open(self) -> bool:
        """Whether one is in it."""
        return any(link.current for link in self.links)

    @property
    def count(self) -> int:
        """What waits behind its heading while it is closed."""
        return sum(link.count for link in self.links)


GROUPS: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (
        "",  # what the desk uses all day
        (
            Entry(_("Aujourd’hui"), "today", "index"),
            Entry(_("Réservations"), "desk", "bookings.booking"),
            Entry(_("Locations"), "key", "rentals", count="rentals", records="bookings.rentalrequest"),
            Entry(_("Événements"), "calendar", "events.event"),
            Entry(_("Personnes"), "person", "members.user"),
            Entry(_("À encaisser"), "euro", "owed"),
            Entry(_("Caisse"), "lock", "till"),
            Entry(_("Factures"), "document", "billing.document"),
        ),
    ),
    (
        _("Le lieu"),
        (
            Entry(_("Signalements"), "warning", "bookings.problem", count="problems"),
            Entry(_("Pointages"), "hand", "bookings.presence"),
            Entry(_("Fermetures"), "door", "bookings.closure"),
            Entry(_("Inscriptions"), "ticket", "events.registration"),
            Entry(_("Avis"), "star", "events.feedback"),
        ),
    ),
    (
        _("Les gens"),
        (
            Entry(_("Messages reçus"), "mail", "bookings.contactmessage", count="contacts"),
            Entry(_("Organisations"), "people", "members.organisation"),
            Entry(_("Adhésions"), "star", "members.membership"),
            Entry(_("Messages"), "mail", "members.message", count="messages"),
        ),
    ),
    (
        _("L’argent"),
        (
            Entry(_("Devis"), "document", "billing.quote"),
            Entry(_("Commandes"), "cart", "billing.order"),
            Entry(_("Paiements"), "euro", "billing.payment", count="payments"),
            Entry(_("Remboursements"), "repeat", "billing.refund", count="refunds"),
            Entry(_("Virements"), "download", "billing.transfer"),
            Entry(_("Versements"), "repeat", "payouts", whole=True),
            Entry(_("Remises en banque"), "board", "remittances", whole=True),
            Entry(_("Clients"), "card", "billing.customer"),
            Entry(_("Comptes"), "document", "accounts"),
        ),
    ),
    (
        _("Les chiffres"),
        (
            Entry(_("Pilotage"), "chart", "pilotage"),
            Entry(_("Engagements"), "check", "cantine.commitment"),
            Entry(_("Rapports"), "document", "reports"),
            Entry(_("Dossier French Tech"), "globe", "french_tech", acts=True),
            Entry(_("Liens vers le rapport"), "chart", "report_links", acts=True),
        ),
    ),
    ("", (Entry(_("Réglages"), "gear", "settings"),)),
)

SETTINGS: tuple[tuple[Text, tuple[str, ...]], ...] = (
    (
        _("Les lieux"),
        (
            "bookings.site",
            "bookings.openinghours",
            "bookings.floor",
            "bookings.space",
            "bookings.equipment",
        ),
    ),
    (_("Les prix"), ("bookings.tariff", "billing.product", "billing.price")),
    (
        _("La location"),
        ("bookings.rentalspace", "bookings.rentalextra", "bookings.rentaldiscount", "bookings.scalestep"),
    ),
    (_("Les événements"), ("events.category",)),
    (_("Les comptes"), ("billing.account",)),
    (
        _("Le budget et la convention"),
        ("cantine.budgetline", "cantine.agreement", "cantine.target", "cantine.meeting"),
    ),
    (_("L’écosystème"), ("members.agglomeration", "members.sector")),
    (_("Les relances"), ("billing.dunningstep", "billing.laterate")),
    (
        _("Les papiers"),
        (
            "billing.seller",
            "billing.mention",
            "billing.documentseries",
            "members.page",
            "members.staffread",
            "members.stafflistread",
        ),
    ),
)


def groups(site: AdminSite, request: HttpRequest, counts: Mapping[str, int]) -> list[Group]:
    """The nav for this person: only what they may open, without the groups that are then empty."""
    found = [
        (label, [link for entry in entries if (link := link_to(site, request, entry, counts))])
        for label, entries in GROUPS
    ]
    here = max((len(link.url) for _label, links in found for link in links if link.current), default=0)
    return [Group(label, [_only(link, here) for link in links]) for label, links in found if links]


def _only(link: Link, here: int) -> Link:
    """A page under another's address is that entry's own: « Remises en banque », not « Caisse » too."""
    return replace(link, current=link.current and len(link.url) == here)


def link_to(site: AdminSite, request: HttpRequest, entry: Entry, counts: Mapping[str, int]) -> Link | None:
    """The link of an entry, or None when it is not theirs to open."""
    url = address_of(site, request, entry.target)
    if url is None or (entry.acts and reach.of(request.user).is_empty):
        return None
    if entry.whole and not reach.sees_everything(request.user):
        return None
    records = address_of(site, request, entry.records) if entry.records else None
    inside = tuple(each for each in (url, records) if each)
    current = request.path == url or (entry.target != "index" and request.path.startswith(inside))
    return Link(entry.label, entry.icon, url, counts.get(entry.count, 0), current)


def address_of(site: AdminSite, request: HttpRequest, target: str) -> str | None:
    """Where `target` is: a page of ours, or the list of a model this person may view."""
    if "." not in target:
        try:
            return reverse(f"{site.name}:{target}")
        except NoReverseMatch:
            return None
    model = apps.get_model(target)
    if not site.is_registered(model) or not site.get_model_admin(model).has_view_permission(request):
        return None
    return reverse(f"{site.name}:{target.replace('.', '_')}_changelist")


@dataclass(frozen=True)
class Setting:
    """A list of reference data, and where to add to it."""

    label: str
    url: str


def settings_groups(site: AdminSite, request: HttpRequest) -> list[tuple[Text, list[Setting]]]:
    """Reference data this person may read, in groups."""
    names = {model._meta.label_lower: str(model._meta.verbose_name_plural) for model in site._registry}
    found = []
    for title, targets in SETTINGS:
        there = [
            Setting(names[target].capitalize(), url)
            for target in targets
            if target in names and (url := address_of(site, request, target))
        ]
        if there:
            found.append((title, there))
    return found
