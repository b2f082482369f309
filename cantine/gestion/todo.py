"""« À faire »: what waits for someone, one verb each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Document
from cantine.gestion.arrivals import Arrival
from members.formats import date_long, euros, hour

ROOMS_SHOWN = 3


@dataclass(frozen=True)
class Todo:
    """One line: icon on its soft, what, in a few words, and the verb that leads there."""

    icon: str
    tone: str
    title: str
    detail: str
    verb: str
    href: str


def todo(
    arrivals: Sequence[Arrival], counts: Mapping[str, int], *, today: date, language: str, sees_money: bool
) -> list[Todo]:
    """Rooms to make ready, then money, then messages."""
    found = rooms(arrivals, language)
    if sees_money:
        found += [*unpaid(today, language), *money(counts)]
    return [*found, *messages(counts)]


def rooms(arrivals: Sequence[Arrival], language: str) -> list[Todo]:
    """The next rooms that someone is about to use."""
    waiting = [row for row in arrivals if row.is_room and row.is_expected][:ROOMS_SHOWN]
    return [
        Todo(
            "board",
            "cidre",
            _("Préparer\u00a0: %(room)s") % {"room": row.place},
            f"{hour(row.start, language)}, {row.name}",
            _("Ouvrir"),
            reverse("admin:bookings_booking_change", args=[row.booking.pk]),
        )
        for row in waiting
    ]


def unpaid(today: date, language: str) -> list[Todo]:
    """Invoices past their date on which something is owed."""
    late = Document.objects.unpaid().filter(due_on__lt=today)
    sums = late.aggregate(number=Count("pk"), total=Sum("owed"), oldest=Min("due_on"))
    if not sums["number"]:
        return []
    number, total = sums["number"], sums["total"] or Decimal(0)
    title = ngettext("%(number)s facture en retard", "%(number)s factures en retard", number) % {
        "number": number
    }
    detail = _("%(total)s en tout, la plus ancienne due le %(day)s") % {
        "total": euros(total, language),
        "day": date_long(sums["oldest"], language),
    }
    href = reverse("admin:billing_document_changelist") + "?reste=oui"
    return [Todo("euro", "bette", title, detail, _("Voir"), href)]


def money(counts: Mapping[str, int]) -> list[Todo]:
    """Payments without a sequel, refunds that failed, anomalies."""
    return [
        *entry(
            counts.get("payments", 0),
            ngettext(
                "%(number)s paiement sans suite", "%(number)s paiements sans suite", counts.get("payments", 0)
            ),
            _("De l’argent est arrivé, rien n’a encore été honoré ni remboursé."),
            _("Voir"),
            reverse("admin:billing_payment_changelist") + "?anomalie=oui",
        ),
        *entry(
            counts.get("refunds", 0),
            ngettext(
                "%(number)s remboursement a échoué",
                "%(number)s remboursements ont échoué",
                counts.get("refunds", 0),
            ),
            _("La banque l’a refusé\u202f; la personne attend son argent."),
            _("Voir"),
            reverse("admin:billing_refund_changelist") + "?state__exact=failed",
        ),
        *entry(
            counts.get("anomalies", 0),
            ngettext("%(number)s anomalie", "%(number)s anomalies", counts.get("anomalies", 0)),
            _("Un paiement demande un regard."),
            _("Régler"),
            reverse("admin:billing_anomaly_changelist") + "?etat=ouvertes",
        ),
    ]


def messages(counts: Mapping[str, int]) -> list[Todo]:
    """E-mails that were given up."""
    number = counts.get("messages", 0)
    return entry(
        number,
        ngettext("%(number)s message non remis", "%(number)s messages non remis", number),
        _("Le serveur de courrier l’a refusé à chaque essai."),
        _("Renvoyer"),
        reverse("admin:members_message_changelist") + "?state__exact=failed",
        icon="mail",
    )


def entry(number: int, title: str, detail: str, verb: str, href: str, *, icon: str = "warning") -> list[Todo]:
    """A line about `number` things; nothing when there are none."""
    if not number:
        return []
    return [Todo(icon, "bette", title % {"number": number}, detail, verb, href)]
