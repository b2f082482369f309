"""What a place lacks before it opens, point by point: for the page of /gestion/ and `manage.py setup`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from billing.documents.snapshot import BY_BUYER, mention_codes
from billing.models import Customer, Mention, Seller
from billing.sellers import missing_words
from bookings.models import OpeningHours, Site, Space, Tariff
from cantine.roles import MANAGER
from cantine.setup import cards, mailing
from cantine.watching import nightly
from cantine.watching.models import Nightly
from members.markdown import placeholders
from members.models import Page, User

RECENT = timedelta(days=2)
"""How old the last backup may be."""


@dataclass(frozen=True)
class Point:
    """One thing to have; `detail` says what stands or is missing, `url` where it is mended in /gestion/."""

    name: str
    title: str
    done: bool
    detail: str
    url: str = ""


def points(now: datetime) -> list[Point]:
    """Everything that must stand before the place opens, in the order one does it."""
    return [check(now) for check in CHECKS]


def _seller(now: datetime) -> Point:
    sellers = list(Seller.objects.filter(specimen=False))
    title, lists = _("Qui vend et facture"), reverse("admin:billing_seller_changelist")
    if not sellers:
        none = (
            _("Seulement des vendeurs de démonstration. Un vrai lieu commence vide\u00a0: manage.py setup.")
            if Seller.objects.exists()
            else _("Aucun vendeur. Sur la machine\u00a0: manage.py setup.")
        )
        return Point("seller", title, False, none, lists)
    for seller in sellers:
        if missing := missing_words(seller):
            said = _("%(seller)s\u00a0: il manque %(missing)s.")
            detail = said % {"seller": seller, "missing": ", ".join(missing)}
            return Point("seller", title, False, detail, _change("billing_seller", seller.pk))
    return Point("seller", title, True, ", ".join(str(seller) for seller in sellers), lists)


def _mentions(now: datetime) -> Point:
    title, url = _("Mentions des factures"), reverse("admin:billing_mention_changelist")
    missing: set[str] = set()
    for seller in Seller.objects.filter(specimen=False):
        rows = Mention.objects.in_force(seller.today(now)).for_seller(seller).filter(language="fr")
        there = {row.code: row.text for row in rows}
        wanted = {
            code
            for kind in BY_BUYER
            for code in mention_codes(seller, Customer(buyer=kind), credit=False, outside=False)
        }
        missing |= {code for code in wanted if not there.get(code) or placeholders(there[code])}
    if missing:
        detail = _("À écrire ou à compléter\u00a0: %(codes)s.") % {"codes": ", ".join(sorted(missing))}
        return Point("mentions", title, False, detail, url)
    return Point("mentions", title, True, _("Toutes sont en vigueur."), url)


def _pages(now: datetime) -> Point:
    title = _("Pages légales")
    newest = Page.objects.order_by("slug", "language", "-valid_from", "-version").distinct("slug", "language")
    lacking = [page for page in newest if placeholders(page.body)]
    if lacking:
        text = ngettext(
            "%(number)s page a encore des passages à compléter\u00a0: %(titles)s.",
            "%(number)s pages ont encore des passages à compléter\u00a0: %(titles)s.",
            len(lacking),
        )
        titles = ", ".join(page.title for page in lacking if page.language == get_language())
        detail = text % {"number": len(lacking), "titles": titles}
        return Point("pages", title, False, detail, _change("members_page", lacking[0].pk))
    return Point("pages", title, True, _("Elles sont complètes."), reverse("admin:members_page_changelist"))


def _of_sites(point: Point, without: Exists, lacks: str) -> Point:
    """The point as it is, unless a site that takes bookings has no row of `without`."""
    sites = Site.objects.open()
    if not sites.exists():
        return replace(point, done=False, detail=_("Aucun site ne prend de réservations."))
    missing = [site.name for site in sites.exclude(without)]
    return replace(point, done=False, detail=lacks % {"sites": ", ".join(missing)}) if missing else point


def _hours(now: datetime) -> Point:
    today = timezone.localdate(now)
    rows = OpeningHours.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), site=OuterRef("pk"))
    url = reverse("admin:bookings_openinghours_changelist")
    point = Point("hours", _("Horaires d’ouverture"), True, _("Chaque site a les siens."), url)
    return _of_sites(point, Exists(rows), _("Sans horaires\u00a0: %(sites)s."))


def _spaces(now: datetime) -> Point:
    rows, url = Space.objects.filter(site=OuterRef("pk")).active(), reverse("admin:bookings_space_changelist")
    point = Point("spaces", _("Espaces"), True, _("Chaque site a les siens."), url)
    return _of_sites(point, Exists(rows), _("Sans aucun espace\u00a0: %(sites)s."))


def _tariffs(now: datetime) -> Point:
    """Desks, rooms and booths that members see have a price; the hall is rented on quote."""
    title, url = _("Tarifs"), reverse("admin:bookings_tariff_changelist")
    today = timezone.localdate(now)
    priced = Tariff.objects.filter(
        Q(space=None, kind=OuterRef("kind")) | Q(space=OuterRef("pk")),
        Q(valid_to=None) | Q(valid_to__gte=today),
        site=OuterRef("site"),
        audience=Tariff.Audience.OUTSIDE,
        valid_from__lte=today,
    )
    spaces = Space.objects.filter(is_active=True, site__is_open=True).exclude(kind=Space.Kind.HALL)
    missing = list(spaces.filter(~Exists(priced)).select_related("site")[:6])
    if missing:
        names = ", ".join(f"{space.label} ({space.site.name})" for space in missing)
        detail = _("Sans prix pour les non-membres\u00a0: %(spaces)s.") % {"spaces": names}
        return Point("tariffs", title, False, detail, url)
    if not spaces.exists():
        return Point("tariffs", title, False, _("Aucun espace à vendre."), url)
    return Point("tariffs", title, True, _("Chaque espace a le sien."), url)


def _sender(now: datetime) -> Point:
    title = _("Envoi des messages")
    if not mailing.sender_is_real():
        detail = _("L’expéditeur est inventé (%(sender)s). Sur la machine\u00a0: DEFAULT_FROM_EMAIL.")
        return Point("sender", title, False, detail % {"sender": settings.DEFAULT_FROM_EMAIL})
    if not mailing.trial_left():
        return Point("sender", title, False, _("Aucun message d’essai n’est encore parti."))
    said = _("Les messages partent de %(sender)s.") % {"sender": settings.DEFAULT_FROM_EMAIL}
    return Point("sender", title, True, said)


def _cards(now: datetime) -> Point:
    words = {
        "off": _("Non proposé\u00a0: on règle sur place ou sur facture."),
        "live": _("Les clés réelles sont en place."),
        "test": _("Les clés sont celles d’essai de Stripe\u00a0: aucune vraie carte n’est débitée."),
        "stand-in": _("Les paiements vont à un guichet d’essai\u00a0: aucune vraie carte n’est débitée."),
        "none": _("Aucune clé. Sur la machine\u00a0: STRIPE_SECRET_KEY, ou off pour s’en passer."),
        "unsigned": _("Il manque STRIPE_WEBHOOK_SECRET\u00a0: aucun paiement ne serait connu."),
    }
    state = cards.state()
    return Point("cards", _("Paiement par carte"), state in {"off", "live"}, words[state])


def _manager(now: datetime) -> Point:
    title, url = _("Gestion du lieu"), reverse("admin:members_user_changelist")
    managers = User.objects.filter(is_active=True, groups__name=MANAGER)
    if not managers.exists():
        detail = _("Personne n’a ce rôle. Sur la machine\u00a0: manage.py setup.")
        return Point("manager", title, False, detail, url)
    without = _without_second_factor(managers)
    if without:
        detail = _("Sans double authentification\u00a0: %(people)s.") % {
            "people": ", ".join(map(str, without))
        }
        return Point("manager", title, False, detail, url)
    return Point("manager", title, True, ", ".join(str(user) for user in managers[:6]), url)


def _without_second_factor(managers: QuerySet[User]) -> list[User]:
    """Managers without one, where second factors are known here."""
    if not apps.is_installed("allauth.mfa"):
        return []
    model = apps.get_app_config("mfa").get_model("Authenticator")
    factors = model._default_manager.filter(user=OuterRef("pk"))
    return list(managers.filter(~Exists(factors))[:6])


def _backup(now: datetime) -> Point:
    title, last = _("Sauvegarde"), nightly.last(Nightly.What.BACKUP)
    if last is None:
        detail = _("Aucune n’est connue. Sur la machine\u00a0: manage.py backup, chaque nuit.")
    elif now - last.ran_at > RECENT:
        detail = _("La dernière a plus de deux jours.")
    else:
        return Point("backup", title, True, _("La dernière a moins de deux jours."))
    return Point("backup", title, False, detail)


def _change(name: str, pk: int) -> str:
    return reverse(f"admin:{name}_change", args=[pk])


CHECKS: tuple[Callable[[datetime], Point], ...] = (
    _seller,
    _mentions,
    _pages,
    _hours,
    _spaces,
    _tariffs,
    _sender,
    _cards,
    _manager,
    _backup,
)
