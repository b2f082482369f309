"""Quotes in words: what they offer, their lines and sums, for pages, messages and the PDF."""

from datetime import datetime
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.models import Document, Order, Quote, QuoteLine
from billing.money import ZERO
from billing.payments.keeping import sum_kept
from billing.units import counted
from bookings.cancellation_scale import Cost, Step, scale_said, steps_of
from bookings.models import Booking, RentalQuote, RentalRequest
from bookings.period import Period
from bookings.stay import Stay, period_of
from members.formats import day, euros, last_hour, span

State = Quote.State


def language() -> str:
    """The language of the screen, as our formats want it."""
    return get_language() or "fr"


def rental_where(rental: RentalQuote) -> str:
    """« Le Quai, Rouen »."""
    spaces = [option.space.label for option in rental.options.select_related("space").order_by("pk")]
    return ", ".join([*spaces, rental.request.site.name])


def rental_when(rental: RentalQuote) -> str:
    """« mardi 24 novembre 2026, 14 h – 18 h »."""
    return period_said(rental, rental.period)


def period_said(rental: RentalQuote, period: Period) -> str:
    """The same of a period, by the clocks of its site."""
    local = period.local(rental.request.site.zone)
    return span(local.start, local.end, language(), year=True)


def where_and_when(rental: RentalQuote) -> str:
    """Both, in one line."""
    return f"{rental_where(rental)}, {rental_when(rental)}"


def stay_said(rental: RentalQuote, stay: Stay) -> str:
    """The same of where and when it takes place, which may have moved since."""
    return f"{stay.places}, {rental.request.site.name}, {period_said(rental, stay.period)}"


def subject_of(rental: RentalQuote) -> list[tuple[str, str]]:
    """What a quote offers, in pairs: fixed with its words when it is sent."""
    return [
        (_("Espace"), rental_where(rental)),
        (_("Quand"), rental_when(rental)),
        *_for_whom(rental.request),
        *preparation_of(rental),
        *scale_of(rental),
    ]


def _for_whom(request: RentalRequest) -> list[tuple[str, str]]:
    """How many people, and how they are to sit where that was said."""
    layout = capfirst(str(request.get_layout_display())) if request.layout else ""
    return [(_("Personnes"), str(request.people)), *([(_("Disposition"), layout)] if layout else [])]


def scale_of(rental: RentalQuote) -> list[tuple[str, str]]:
    """What cancelling costs, step by step; nothing where no scale is promised."""
    return [(_("En cas d’annulation"), scale_said(rental.scale))] if rental.scale else []


def scale_facts(rental: RentalQuote, *, now: datetime) -> list[tuple[str, str]]:
    """What cancelling this very quote would cost, by day and in euros; nothing where no scale is promised."""
    zone, tongue = rental.request.site.zone, language()
    steps = steps_of(
        rental.scale,
        start=rental.period.local(zone).start.date(),
        total=rental.quote.total_incl,
        today=now.astimezone(zone).date(),
    )
    return [(_until_said(step, alone=len(steps) == 1), _kept_said(step, tongue)) for step in steps]


def _until_said(step: Step, *, alone: bool) -> str:
    if step.until is None:
        return _("Dès maintenant") if alone else _("Ensuite")
    return _("Jusqu’au %(day)s") % {"day": day(step.until, language(), year=True)}


def _kept_said(step: Step, tongue: str) -> str:
    words = {"amount": euros(step.kept, tongue), "percent": step.percent}
    return _("%(amount)s gardés (%(percent)s\u00a0%%)") % words if step.kept else _("rien n’est gardé")


def cost_facts(rental: RentalQuote, cost: Cost, tongue: str) -> list[tuple[str, str]]:
    """What cancelling comes to, in pairs; the scale first."""
    kept = _("%(amount)s, soit %(percent)s\u00a0%% du total") % {
        "amount": euros(cost.kept, tongue),
        "percent": cost.percent,
    }
    withdrawn = _("Le délai court encore\u00a0: rien n’est gardé, quoi que dise le barème.")
    pairs = [
        *scale_of(rental),
        *([(_("Droit de rétractation"), withdrawn)] if cost.withdrawn else []),
        (_("Gardé aujourd’hui"), kept),
        (_("Acompte versé"), euros(cost.paid, tongue)),
        (_("Rendu"), euros(cost.given_back, tongue)),
    ]
    if cost.lifted:
        pairs.append((_("Facturé, qui n’est plus à payer"), euros(cost.lifted, tongue)))
    if cost.due:
        pairs.append((_("Reste à payer sur la facture"), euros(cost.due, tongue)))
    return [*pairs, (_("Au-delà de l’acompte"), euros(cost.rest, tongue))] if cost.rest else pairs


def house_facts(cost: Cost, tongue: str) -> list[tuple[str, str]]:
    """What cancelling by the house's own fault comes to, in pairs."""
    pairs = [(_("Rendu"), euros(cost.given_back, tongue))]
    return (
        [*pairs, (_("Facturé, qui n’est plus à payer"), euros(cost.lifted, tongue))] if cost.lifted else pairs
    )


def left_to_pay(document: Document | None, owed: Decimal, tongue: str) -> str:
    """« Il reste 251,10 € à régler pour le mardi 1er décembre 2026. », or « à réception »."""
    words = {"amount": euros(owed, tongue)}
    if document is not None and document.is_due_on_receipt:
        return _("Il reste %(amount)s à régler à réception de la facture.") % words
    if document is None or document.due_on is None:
        return _("Il reste %(amount)s à régler.") % words
    words["day"] = day(document.due_on, tongue, year=True)
    return _("Il reste %(amount)s à régler pour le %(day)s.") % words


def preparation_of(rental: RentalQuote) -> list[tuple[str, str]]:
    """From when one may set up, and until when clear; nothing where that is not foreseen."""
    if not (rental.setup_minutes or rental.clearing_minutes):
        return []
    taken = rental.taken_period.local(rental.request.site.zone)
    return [(_("Préparation et rangement compris"), span(taken.start, taken.end, language(), year=True))]


def line_said(line: QuoteLine, tongue: str, *, detail: bool = True) -> str:
    """« Café d’accueil, 12 personnes »; without its detail, which may say hours that have changed since."""
    quantity = counted(line.quantity, line.unit, tongue)
    return ", ".join(each for each in (line.label, line.detail if detail else "", quantity) if each)


def said_only(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    """The facts that say something."""
    return [(label, value) for label, value in facts if value]


def last_day(rental: RentalQuote) -> str:
    """« jeudi 3 décembre 2026 », the last day on which it may be accepted."""
    return day(rental.quote.last_day.astimezone(rental.request.site.zone).date(), language(), year=True)


def total_said(quote: Quote) -> str:
    """« 390,00 € HT, 450,00 € TTC »."""
    words = {"excl": euros(quote.total_excl, language()), "incl": euros(quote.total_incl, language())}
    if not quote.total_vat:
        return _("%(incl)s net de taxes") % words
    return _("%(excl)s HT, %(incl)s TTC") % words


def standing(rental: RentalQuote, *, now: datetime) -> tuple[str, str]:
    """Where a quote stands and what comes next, for who asked; empty where the request says it all."""
    quote = rental.quote
    if quote.state == State.ACCEPTED:
        return _accepted(rental, now=now)
    if quote.state == State.SENT and now < quote.valid_until:
        words = {"day": last_day(rental)}
        if rental.shares_date:
            return _("Votre devis est prêt."), _(
                "Une option passe avant la vôtre. Si elle tombe, l’espace vous revient, nous vous écrivons."
            )
        return _("Votre devis est prêt."), _("L’espace vous est gardé jusqu’au %(day)s.") % words
    said = {
        State.REFUSED: (
            _("Vous avez refusé ce devis."),
            _("Nous revenons vers vous si une autre offre est possible."),
        ),
        State.WITHDRAWN: (
            _("Nous avons retiré ce devis."),
            _("L’espace n’est plus gardé. Écrivez-nous pour en parler."),
        ),
    }
    over = (
        _("Ce devis n’est plus valable."),
        _("L’espace n’est plus gardé. Votre projet tient toujours\u202f? Demandez à nouveau."),
    )
    return said.get(State(quote.state), over)


def _accepted(rental: RentalQuote, *, now: datetime) -> tuple[str, str]:
    order = rental.quote.advance_order
    if order is None:
        return "", ""
    if order.state == Order.State.ACCEPTED:
        if order.means == Order.Means.TERMS:
            return "", ""
        received = sum((each.paid for each in order.documents.invoices().with_balance()), ZERO)
        thanks = _("Merci, votre acompte de %(amount)s est reçu.") % {"amount": euros(received, language())}
        return thanks if received else "", _to_come(rental, now=now)
    if order.state == Order.State.OPEN and order.expires_at is not None:
        return _("Vous avez accepté le devis."), kept_until(rental, order.expires_at)
    if rental.options.filter(booking__state=Booking.State.CONFIRMED).exists():
        return _("L’espace est réservé."), _("L’acompte n’est pas encore payé\u00a0: écrivez-nous.")
    return (
        _("L’acompte n’est pas arrivé à temps, l’espace n’est plus gardé."),
        kept_said(order) or _("Votre projet tient toujours\u202f? Demandez à nouveau."),
    )


def _to_come(rental: RentalQuote, *, now: datetime) -> str:
    """What is promised of a rental that is sure: nothing that is past."""
    period = period_of(rental)
    if now < period.start:
        return _("L’espace est réservé. Nous vous écrivons avant le jour dit pour les derniers détails.")
    if now < period.end:
        return _("C’est le jour de votre location\u00a0: soyez les bienvenus.")
    return _("Votre location est passée\u00a0: s’il reste quelque chose à régler, la facture vous parvient.")


def kept_until(rental: RentalQuote, until: datetime) -> str:
    """Until when the advance may be paid, and whether the place is sure or only kept until then."""
    local, tongue = until.astimezone(rental.request.site.zone), language()
    last, said = last_hour(local, tongue)
    words = {"day": day(last, tongue, year=True), "hour": said}
    if rental.quote.confirmation == Quote.Confirmation.ON_ACCEPTANCE:
        return _("L’espace est réservé. L’acompte est à payer avant le %(day)s, %(hour)s.") % words
    return _("L’espace vous est gardé jusqu’au %(day)s, %(hour)s\u00a0: payez l’acompte d’ici là.") % words


def kept_said(order: Order | None) -> str:
    """What came of an advance that then lapsed, and how it goes back; nothing where nothing came."""
    kept = sum_kept(order) if order is not None and order.state == Order.State.EXPIRED else ZERO
    words = {"amount": euros(kept, language())}
    said = _(
        "%(amount)s sont arrivés et restent à votre nom\u00a0: annulez la location, ils vous sont rendus."
    )
    return said % words if kept else ""
