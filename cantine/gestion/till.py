"""What the pages of « Caisse » show: sums in rows of words, read for one seller at a time."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from billing.chain import key_name
from billing.models import CashCount, Payment, PaymentChain, Seller, TillArchive, TillClosing
from billing.till.reading import read
from billing.till.spans import DAY, Span, midnight
from billing.till.totals import ZERO, Pair, Totals
from bookings.models import Site
from bookings.reach import whole_sellers
from cantine.gestion import shown
from members import formats, reach
from members.models import User

METHODS = dict(Payment.Method.choices)


@dataclass(frozen=True)
class Row:
    """One line of sums: by a means of payment, or at a rate."""

    label: str
    received: Decimal
    refunded: Decimal

    @property
    def net(self) -> Decimal:
        """What is left."""
        return self.received - self.refunded


@dataclass(frozen=True)
class SiteDrawer:
    """A site's drawer in the list: when it was counted last, and what that found."""

    site: Site
    last: CashCount | None


def seller_asked(request: HttpRequest, user: User) -> tuple[list[Seller], Seller | None]:
    """The sellers whose till this person may read, and the one asked for, else the first."""
    sellers = list(whole_sellers(user))
    wanted = request.GET.get("vendeur", "")
    return sellers, next((each for each in sellers if each.code == wanted), sellers[0] if sellers else None)


def today_of(seller: Seller, now: dt.datetime) -> Totals:
    """What moved at a seller's since midnight."""
    today = seller.today(now)
    start, end = midnight(today, seller.zone), midnight(today + DAY, seller.zone)
    return read(seller, [Span(today, today, start, end)])[0]


def days_waiting(seller: Seller, now: dt.datetime) -> int:
    """How many days are over and still open; the worker closes them."""
    chain = PaymentChain.objects.filter(seller=seller).first()
    if chain is None or chain.closed_on is None:
        return 0
    return max(0, (seller.today(now) - chain.closed_on).days - 1)


def by_method(totals: Totals) -> list[Row]:
    """The sums by means of payment, in the order they are offered."""
    return [
        Row(str(label), *totals.methods[code]) for code, label in METHODS.items() if code in totals.methods
    ]


def by_rate(totals: Totals) -> list[Row]:
    """The sums with VAT by rate; what was split over none comes last."""
    rows = [Row(rate_said(rate), *pair) for rate, pair in sorted(totals.vat.items(), key=_number)]
    split = sum((row.received for row in rows), ZERO), sum((row.refunded for row in rows), ZERO)
    rest = totals.received - split[0], totals.refunded - split[1]
    return [*rows, Row(_("Sans vente (avances, trop-perçus)"), *rest)] if any(rest) else rows


def _number(item: tuple[str, Pair]) -> Decimal:
    return Decimal(item[0])


def rate_said(rate: str) -> str:
    """« 20 % », « 5,5 % »."""
    text = f"{Decimal(rate):f}".rstrip("0").rstrip(".")
    if formats.known(shown.language()) == "en":
        return f"{text}%"
    return f"{text.replace('.', ',')}\u00a0%"


def drawers_of(user: User) -> list[SiteDrawer]:
    """The drawers of the sites within reach, with their last count: two queries."""
    sites = list(reach.seen_by(Site.objects.select_related("seller").order_by("position", "name"), user))
    last = CashCount.objects.filter(site_code__in=[site.code for site in sites])
    newest = last.order_by("seller_id", "site_code", "-pk").distinct("seller_id", "site_code")
    found: Mapping[tuple[int, str], CashCount] = {(row.seller_id, row.site_code): row for row in newest}
    return [SiteDrawer(site, found.get((site.seller_id, site.code))) for site in sites]


def closings_of(seller: Seller, kind: str) -> "QuerySet[TillClosing]":
    """A seller's closings of a kind, newest first."""
    return TillClosing.objects.filter(seller=seller, kind=kind).order_by("-number")


def title_of(closing: TillClosing) -> str:
    """« Clôture du mardi 24 novembre 2026 », « de novembre 2026 », « de 2026 »."""
    language = shown.language()
    if closing.kind == TillClosing.Kind.DAY:
        return _("Clôture du %(day)s") % {"day": formats.day(closing.first_day, language, year=True)}
    if closing.kind == TillClosing.Kind.MONTH:
        return _("Clôture du mois\u00a0: %(month)s") % {"month": month_said(closing.first_day)}
    return _("Clôture de l’année %(year)s") % {"year": closing.first_day.year}


def key_said(archive: TillArchive) -> str:
    """Which key signed an archive, by its name: the one in use, one that is kept, or one that is not."""
    name = archive.signed_with
    if not name:
        return _("clé non notée")
    if name == key_name(settings.SIGNING_KEY):
        return _("clé en usage, %(name)s") % {"name": name}
    if name in map(key_name, settings.SIGNING_KEY_FALLBACKS):
        return _("clé d’avant, gardée, %(name)s") % {"name": name}
    return _("clé qui n’est plus gardée, %(name)s") % {"name": name}


def month_said(day: dt.date) -> str:
    """« novembre 2026 »."""
    return formats.month(day, shown.language())


def period_said(closing: TillClosing) -> str:
    """The period of a closing in a list."""
    if closing.kind == TillClosing.Kind.DAY:
        return f"{formats.day_short(closing.first_day, shown.language())} {closing.first_day.year}"
    if closing.kind == TillClosing.Kind.MONTH:
        return month_said(closing.first_day).capitalize()
    return str(closing.first_day.year)


def listed(rows: Iterable[TillClosing]) -> list[tuple[TillClosing, str]]:
    """Closings with their period in words."""
    return [(row, period_said(row)) for row in rows]
