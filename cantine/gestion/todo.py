"""« À faire »: what waits for someone, one verb each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Document, Refund
from billing.payments.refunds import failed_refunds_waiting
from bookings.models import Site
from cantine.gestion import late, sheet
from cantine.gestion.arrivals import Arrival
from members import reach
from members.formats import date_long, euros, hour
from members.models import User

ROOMS_SHOWN = 3
REFUNDS_SHOWN = 3


@dataclass(frozen=True)
class Todo:
    """One line: icon on its soft, what, in a few words, and a verb that leads there, or does it (`posts`)."""

    icon: str
    tone: str
    title: str
    detail: str
    verb: str
    href: str
    posts: bool = False


def todo(
    arrivals: Sequence[Arrival],
    counts: Mapping[str, int],
    *,
    site: Site,
    today: date,
    now: datetime,
    language: str,
    user: User,
) -> list[Todo]:
    """Rooms to make ready, what is wrong, who writes, who asks to rent, money, messages, what is stuck."""
    found = [*rooms(arrivals, language), *tomorrow(site, today), *problems(counts), *rentals(counts)]
    if user.has_perm("billing.view_document"):
        if user.has_perm("billing.approve_refund"):
            found += approvals(counts, language, user)
        found += [*refunds(counts, language, user), *unpaid(today, language, user), *money(counts)]
    found += [*promised(counts), *notices(counts), *organisations(counts)]
    return [*found, *messages(counts), *stuck(now, user)]


def rooms(arrivals: Sequence[Arrival], language: str) -> list[Todo]:
    """The next rooms that someone is about to use."""
    waiting = [row for row in arrivals if row.is_to_prepare][:ROOMS_SHOWN]
    return [
        Todo(
            "board",
            "cidre",
            _("Préparer\u00a0: %(room)s") % {"room": row.place},
            f"{hour(row.start, language)}, {row.name}",
            _("Prête"),
            reverse("admin:make_ready", args=[row.booking.pk]),
            posts=True,
        )
        for row in waiting
    ]


def tomorrow(site: Site, today: date) -> list[Todo]:
    """What is sure for the next day and wants setting up: the sheet says all of it."""
    day = today + timedelta(days=1)
    setups = [each for each in sheet.read(site, day) if not each.is_option]
    if not setups:
        return []
    number = len(setups)
    title = ngettext("%(number)s mise en place demain", "%(number)s mises en place demain", number)
    detail = " · ".join(f"{each.rooms}, {each.when}" for each in setups[:ROOMS_SHOWN])
    href = f"{reverse('admin:day_sheet')}?site={site.code}&jour={day.isoformat()}"
    return [Todo("board", "cidre", title % {"number": number}, detail, _("Voir"), href)]


def problems(counts: Mapping[str, int]) -> list[Todo]:
    """What is wrong and nobody has taken in hand, and what people wrote to the house."""
    new, written = counts.get("problems_new", 0), counts.get("contacts", 0)
    return [
        *entry(
            new,
            ngettext("%(number)s problème signalé", "%(number)s problèmes signalés", new),
            _("Personne ne s’en charge encore."),
            _("Voir"),
            reverse("admin:bookings_problem_changelist") + "?state__exact=open",
        ),
        *entry(
            written,
            ngettext("%(number)s message reçu", "%(number)s messages reçus", written),
            _("Écrit depuis la page de contact."),
            _("Répondre"),
            reverse("admin:bookings_contactmessage_changelist") + "?etat=attend",
            icon="mail",
        ),
    ]


def rentals(counts: Mapping[str, int]) -> list[Todo]:
    """Requests nobody has answered yet, next steps whose day has come, rentals to invoice."""
    page = reverse("admin:rentals")
    number, planned, over = (counts.get(name, 0) for name in ("rentals", "rentals_planned", "rentals_over"))
    return [
        *entry(
            number,
            ngettext("%(number)s demande de location", "%(number)s demandes de location", number),
            _("La réponse est promise en un jour ouvré."),
            _("Répondre"),
            f"{page}?etape=recue",
            icon="key",
        ),
        *entry(
            planned,
            ngettext("%(number)s location à suivre", "%(number)s locations à suivre", planned),
            _("Vous aviez noté une prochaine étape pour aujourd’hui ou avant."),
            _("Voir"),
            page,
            icon="key",
        ),
        *entry(
            over,
            ngettext("%(number)s location à facturer", "%(number)s locations à facturer", over),
            _("Le jour est passé, le solde n’est pas encore établi."),
            _("Facturer"),
            f"{page}?etape=a-facturer",
            icon="key",
        ),
    ]


def refunds(counts: Mapping[str, int], language: str, user: User) -> list[Todo]:
    """Money to hand over at the desk, and what the bank refused; no query where there is none."""
    found = []
    if counts.get("to_repay"):
        rows = Refund.objects.to_repay_at_desk().select_related("payment__order__customer")
        rows = reach.seen_by(rows, user)
        found += [to_repay(row, language) for row in rows.order_by("requested_at")[:REFUNDS_SHOWN]]
    if counts.get("refunds"):
        failed = failed_refunds_waiting().select_related("payment__order__customer")
        failed = reach.seen_by(failed, user)
        found += [to_try_again(row, language) for row in failed.order_by("requested_at")[:REFUNDS_SHOWN]]
    shown, number = len(found), counts.get("to_repay", 0) + counts.get("refunds", 0)
    if number > shown:
        title = ngettext("%(number)s autre remboursement", "%(number)s autres remboursements", number - shown)
        href = reverse("admin:billing_refund_changelist") + "?a_faire=oui"
        detail = _("À rendre au comptoir, ou refusés par la banque.")
        found.append(Todo("repeat", "cidre", title % {"number": number - shown}, detail, _("Voir"), href))
    return found


def approvals(counts: Mapping[str, int], language: str, user: User) -> list[Todo]:
    """Refunds above the limit that wait for a word of the treasurer; no query where there is none."""
    if not counts.get("to_approve"):
        return []
    rows = reach.seen_by(Refund.objects.to_approve().select_related("payment__order__customer"), user)
    return [to_approve(row, language) for row in rows.order_by("requested_at")[:REFUNDS_SHOWN]]


def to_approve(refund: Refund, language: str) -> Todo:
    """It leads to the refund, where one approves or refuses."""
    order = refund.payment.order
    return Todo(
        "euro",
        "cidre",
        _("Approuver un remboursement de %(amount)s") % {"amount": euros(refund.amount, language)},
        f"{order.customer}, {refund.get_reason_display()}, {order.reference}",
        _("Décider"),
        reverse("admin:billing_refund_change", args=[refund.pk]),
    )


def to_repay(refund: Refund, language: str) -> Todo:
    """Money taken at the desk goes back there."""
    order = refund.payment.order
    return Todo(
        "euro",
        "cidre",
        _("Rendre %(amount)s") % {"amount": euros(refund.amount, language)},
        f"{order.customer}, {refund.payment.get_method_display()}, {order.reference}",
        _("Rendu"),
        reverse("admin:repay", args=[refund.pk]),
        posts=True,
    )


def to_try_again(refund: Refund, language: str) -> Todo:
    """The bank refused; the person waits for their money."""
    order = refund.payment.order
    return Todo(
        "warning",
        "bette",
        _("Remboursement échoué\u00a0: %(amount)s") % {"amount": euros(refund.amount, language)},
        f"{order.customer}, {order.reference}",
        _("Réessayer"),
        reverse("admin:refund_again", args=[refund.pk]),
        posts=True,
    )


def unpaid(today: date, language: str, user: User) -> list[Todo]:
    """Invoices past their date on which something is owed."""
    late = reach.seen_by(Document.objects.unpaid().filter(due_on__lt=today), user)
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
    href = reverse("admin:owed") + "?etat=retard"
    return [Todo("euro", "bette", title, detail, _("Voir"), href)]


def money(counts: Mapping[str, int]) -> list[Todo]:
    """Payments without a sequel, anomalies."""
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
            counts.get("anomalies", 0),
            ngettext("%(number)s anomalie", "%(number)s anomalies", counts.get("anomalies", 0)),
            _("Un paiement demande un regard."),
            _("Régler"),
            reverse("admin:billing_anomaly_changelist") + "?etat=ouvertes",
        ),
    ]


def promised(counts: Mapping[str, int]) -> list[Todo]:
    """What was promised and is due within thirty days or late, indicators and meetings with it."""
    number = sum(counts.get(name, 0) for name in ("commitments", "indicators", "meetings"))
    return entry(
        number,
        ngettext("%(number)s échéance proche", "%(number)s échéances proches", number),
        _("Engagements, indicateurs et réunions des trente jours à venir, ou en retard."),
        _("Voir"),
        f"{reverse('admin:pilotage')}#pilotage-promised",
        icon="clock",
    )


def notices(counts: Mapping[str, int]) -> list[Todo]:
    """Notices that somebody complained of."""
    number = counts.get("reported", 0)
    return entry(
        number,
        ngettext("%(number)s annonce signalée", "%(number)s annonces signalées", number),
        _("Quelqu’un dit qu’elle n’a pas sa place dans l’entraide."),
        _("Lire"),
        f"{reverse('members:board')}?voir=signalees",
    )


def organisations(counts: Mapping[str, int]) -> list[Todo]:
    """Organisations with people of which nobody decides: nobody there can invite or take out."""
    number = counts.get("ownerless", 0)
    return entry(
        number,
        ngettext(
            "%(number)s organisation sans responsable", "%(number)s organisations sans responsable", number
        ),
        _("Personne ne peut y inviter. Nommez quelqu’un sur sa fiche."),
        _("Voir"),
        reverse("admin:members_organisation_changelist") + "?responsable=sans",
        icon="people",
    )


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


def stuck(now: datetime, user: User) -> list[Todo]:
    """What the programs behind the pages have left undone for too long; no one is asked to act on it here."""
    found = late.sentences(now, counted=reach.sees_everything(user))
    return [Todo("clock", "bette", title, detail, "", "") for title, detail in found]


def entry(number: int, title: str, detail: str, verb: str, href: str, *, icon: str = "warning") -> list[Todo]:
    """A line about `number` things; nothing when there are none."""
    if not number:
        return []
    return [Todo(icon, "bette", title % {"number": number}, detail, verb, href)]
