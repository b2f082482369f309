"""The technical log: what the tax office may ask about the system itself, read from wherever it is kept.

Closings, archives, duplicates and changes of settings have their rows already; only what had none (who of the
staff came in, which mode the place runs in, what the nightly verification found) is written here.
"""

import datetime as dt
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import BigIntegerField, Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.models import DocumentHandover, Seller, TechnicalEvent, TillArchive, TillClosing
from billing.payments import stripe_gateway as gateway
from billing.payments.services import cards_are_offered
from billing.sellers import issues_specimens
from members.models import User
from members.transactions import own_transaction, require_transaction

NATURES: dict[str, str | Promise] = {
    **dict(TechnicalEvent.Kind.choices),
    "setting": _("réglage modifié"),
    "reprint": _("duplicata remis"),
    "closing": _("clôture de caisse"),
    "archive": _("archive de caisse"),
}

_watched: set[str] = {"billing.seller", "billing.mention", "billing.product", "billing.price"}


def watch(*models: str) -> None:
    """Declare settings of a room above ("app.model") whose changes the technical log shows."""
    _watched.update(models)


def note(
    kind: TechnicalEvent.Kind,
    *,
    now: dt.datetime,
    by: User | None = None,
    seller: Seller | None = None,
    detail: str = "",
) -> None:
    """Step: write in the technical log."""
    require_transaction()
    TechnicalEvent.objects.create(kind=kind, at=now, by=by, seller=seller, detail=detail[:200])


def note_sign_in(user: User, **_kwargs: Any) -> None:
    """Receive Django's `user_logged_in`: of who runs the place only."""
    if user.is_staff:
        TechnicalEvent.objects.create(kind=TechnicalEvent.Kind.SIGN_IN, at=timezone.now(), by=user)


@own_transaction
def note_mode(*, seller: Seller, now: dt.datetime) -> None:
    """Note whether the place runs for real or for trial, when that is not what was noted last."""
    mode, kind = f"{_documents(seller)}, {_cards()}", TechnicalEvent.Kind.MODE
    last = TechnicalEvent.objects.filter(seller=seller, kind=kind).order_by("-pk").first()
    if last is None or last.detail != mode:
        note(kind, now=now, seller=seller, detail=mode)


def _documents(seller: Seller) -> str:
    return "documents: specimen" if issues_specimens(seller) else "documents: real"


def _cards() -> str:
    if not cards_are_offered():
        return "cards: off"
    return "cards: live" if gateway.key_is_live() else "cards: test"


Rows = QuerySet[Any, dict[str, Any]]


def entries(
    *,
    sellers: QuerySet[Seller],
    start: dt.datetime | None = None,
    end: dt.datetime | None = None,
    natures: frozenset[str] = frozenset(),
) -> Rows:
    """Everything the log shows of `sellers` and of the house, oldest last: when, nature, what, by whom."""
    parts = {
        **{kind: _technical(sellers, kind) for kind in TechnicalEvent.Kind.values},
        "setting": _settings(),
        "reprint": _reprints(sellers),
        "closing": _closings(sellers),
        "archive": _archives(sellers),
    }
    chosen = [rows for nature, rows in parts.items() if not natures or nature in natures]
    if start is not None and end is not None:
        chosen = [rows.filter(moment__gte=start, moment__lt=end) for rows in chosen]
    first, *rest = [rows.order_by().values("moment", "nature", "what", "who", "row") for rows in chosen]
    return first.union(*rest, all=True).order_by("-moment", "nature", "-row")


def _technical(sellers: QuerySet[Seller], kind: str) -> QuerySet[Any]:
    rows = TechnicalEvent.objects.filter(Q(seller=None) | Q(seller__in=sellers), kind=kind)
    return _said(rows, "at", kind, F("detail"), F("by"))


def _settings() -> QuerySet[Any]:
    which = Q(pk__in=[])
    for name in sorted(_watched):
        app, _dot, model = name.partition(".")
        which |= Q(content_type__app_label=app, content_type__model=model)
    what = Concat(
        F("content_type__app_label"),
        Value("."),
        F("content_type__model"),
        Value(" "),
        F("object_id"),
        output_field=CharField(),
    )
    return _said(LogEntry.objects.filter(which), "action_time", "setting", what, F("user"))


def _reprints(sellers: QuerySet[Seller]) -> QuerySet[Any]:
    rows = DocumentHandover.objects.filter(original=False, document__seller__in=sellers)
    return _said(rows, "at", "reprint", F("document__number"), F("by"))


def _closings(sellers: QuerySet[Seller]) -> QuerySet[Any]:
    rows = TillClosing.objects.filter(seller__in=sellers)
    return _said(rows, "made_at", "closing", _period("kind", "first_day"), Value(None))


def _archives(sellers: QuerySet[Seller]) -> QuerySet[Any]:
    rows = TillArchive.objects.filter(closing__seller__in=sellers)
    return _said(rows, "made_at", "archive", _period("closing__kind", "closing__first_day"), F("made_by"))


def _period(kind: str, first_day: str) -> Concat:
    """« jour 2026-11-29 »: what was closed, and from which day on."""
    words = [When(**{kind: each.value}, then=Value(str(each.label))) for each in TillClosing.Kind]
    word = Case(*words, default=F(kind), output_field=CharField())
    return Concat(word, Value(" "), Cast(first_day, CharField()), output_field=CharField())


def _said(rows: QuerySet[Any], moment: str, nature: str, what: Any, who: Any) -> QuerySet[Any]:
    said: QuerySet[Any] = rows.annotate(
        moment=F(moment),
        nature=Value(nature, output_field=CharField()),
        what=Cast(what, CharField()),
        who=Cast(who, BigIntegerField()),
        row=Cast("pk", BigIntegerField()),
    )
    return said
