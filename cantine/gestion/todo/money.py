"""Money to give back, to approve, to ask for, or that came without a sequel."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models import Document, Refund
from billing.payments.refunds import failed_refunds_waiting
from cantine.gestion.todo.line import Todo, entry
from members import reach
from members.formats import date_long, euros
from members.models import User

REFUNDS_SHOWN = 3


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
    sums = late.aggregate(
        number=Count("pk"), total=Sum("owed"), oldest=Min("due_on"), sellers=Count("seller", distinct=True)
    )
    if not sums["number"]:
        return []
    number, total = sums["number"], sums["total"] or Decimal(0)
    title = ngettext("%(number)s facture en retard", "%(number)s factures en retard", number) % {
        "number": number
    }
    words = _("%(total)s en tout, la plus ancienne due le %(day)s")
    if sums["sellers"] > 1:
        words = _("%(total)s en tout, tous vendeurs, la plus ancienne due le %(day)s")
    detail = words % {
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
