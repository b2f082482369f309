"""What the e-mails about quotes of rentals say, read when they go out."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Document, Order, Quote
from billing.money import ZERO
from billing.payments.keeping import sum_kept
from billing.quotes.printing import confirmation_said
from bookings.cancellation_scale import Bill, Cost
from bookings.models import Booking, RentalCancellation, RentalQuote
from bookings.quote_words import (
    kept_said,
    kept_until,
    language,
    last_day,
    left_to_pay,
    rental_when,
    rental_where,
    total_said,
)
from bookings.services.rentals.balancing import advances_of, documents_of
from bookings.services.rentals.telling import RIGHT
from bookings.services.telling import still_answers
from members.formats import euros
from members.messages import kinds
from members.texts import first_name

Context = dict[str, Any] | None
State = Quote.State


def load_quote(ids: dict[str, Any]) -> Context:
    """The quote itself; dropped when it no longer stands."""
    rental = rental_of(ids)
    return said_of(rental) if rental is not None and rental.quote.state == State.SENT else None


def load_news(ids: dict[str, Any]) -> Context:
    """What became of a quote, for who asked; dropped when something else has become of it since."""
    rental = rental_of(ids)
    if rental is None or not is_still_true(rental, ids["news"]):
        return None
    title, text = news_said(rental, ids["news"])
    return {**said_of(rental), "title": title, "text": text, "action": action_said(rental, ids["news"])}


def load_desk(ids: dict[str, Any]) -> Context:
    """The same for who answers."""
    rental = rental_of(ids)
    if rental is None or not still_answers(ids, RIGHT, rental.request.site):
        return None
    title, text = desk_said(rental, ids["news"])
    desk = settings.PUBLIC_URL + reverse("admin:billing_quote_change", args=[rental.quote_id])
    return {**said_of(rental), "title": title, "text": text, "desk_link": desk}


def rental_of(ids: dict[str, Any]) -> RentalQuote | None:
    """The quote a message is about; None when who asked is forgotten."""
    return RentalQuote.objects.told().filter(pk=ids["rental"], request__erased_at=None).first()


def said_of(rental: RentalQuote) -> dict[str, Any]:
    """What every message about a quote says."""
    request = rental.request
    return {
        "request": request,
        "quote": rental.quote,
        "site": request.site,
        "first_name": first_name(request.name),
        "where": rental_where(rental),
        "when": rental_when(rental),
        "total": total_said(rental.quote),
        "last_day": last_day(rental),
        "rule": confirmation_said(rental.quote, language()),
        "shares_date": rental.shares_date,
        "message": rental.quote.message,
        "link": settings.PUBLIC_URL + request.get_absolute_url(),
    }


def pays(rental: RentalQuote) -> bool:
    """Whether an advance waits to be paid."""
    order = rental.quote.advance_order
    return order is not None and order.state == Order.State.OPEN


def action_said(rental: RentalQuote, news: str) -> str:
    """What one does on the private page, as its button says it."""
    if pays(rental):
        return _("Payer l’acompte")
    if news in ENDED:
        return _("Voir ce qui est possible")
    return _("Voir ma facture") if news == "done" and _invoiced(rental) else _("Suivre ma location")


def is_sure(rental: RentalQuote) -> bool:
    """Whether its spaces are confirmed."""
    return rental.options.filter(booking__state=Booking.State.CONFIRMED).exists()


def _lapsed(rental: RentalQuote) -> bool:
    order = rental.quote.advance_order
    return order is not None and order.state == Order.State.EXPIRED


ENDED = ("withdrawn", "expired", "unpaid", "over", "late", "gone")
STATES = {
    "accepted": State.ACCEPTED,
    "promoted": State.SENT,
    "withdrawn": State.WITHDRAWN,
    "expired": State.EXPIRED,
}


def is_still_true(rental: RentalQuote, news: str) -> bool:
    """Whether nothing else has become of the quote since."""
    if news in STATES:
        return rental.quote.state == STATES[news]
    if news == "confirmed":
        return is_sure(rental)
    return news != "unpaid" or _lapsed(rental)


def news_said(rental: RentalQuote, news: str) -> tuple[str, str]:
    """A title and a sentence, for who asked."""
    said = {
        "accepted": (_("Vous avez accepté notre devis"), _accepted(rental)),
        "confirmed": (
            _("L’espace est à vous"),
            _("Votre acompte est arrivé, la facture d’acompte est jointe. Tout est réservé."),
        ),
        "promoted": (
            _("L’espace vous est maintenant gardé"),
            _("L’option qui passait avant la vôtre est tombée\u00a0: acceptez d’ici au %(day)s.")
            % {"day": last_day(rental)},
        ),
        "withdrawn": (
            _("Notre devis est retiré"),
            _("Nous avons retiré ce devis, l’espace n’est plus gardé. Écrivez-nous pour en parler."),
        ),
        "expired": (
            _("Notre devis n’est plus valable"),
            _("L’espace n’est plus gardé. Si votre projet tient toujours, demandez à nouveau."),
        ),
        "unpaid": (
            _("L’espace n’est plus gardé"),
            kept_said(rental.quote.advance_order)
            or _("L’acompte n’est pas arrivé à temps. Si votre projet tient toujours, demandez à nouveau."),
        ),
        "done": (
            _("La facture de votre location") if _invoiced(rental) else _("Votre location est terminée"),
            _done(rental),
        ),
        "cancelled": (_("Votre location est annulée"), cancelled_said(rental)),
        "over": (
            _("Votre location est close"),
            _("Votre acompte est arrivé après sa clôture\u00a0: il vous est remboursé."),
        ),
        "late": (
            _("Votre acompte est arrivé après la location"),
            _("L’espace n’était plus gardé, et le jour est passé. Votre acompte vous est remboursé."),
        ),
        "gone": (
            _("L’espace a été pris entre-temps"),
            _("L’acompte est arrivé après sa date, et quelqu’un a pris l’espace. Il vous est remboursé."),
        ),
    }
    return said[news]


def cancelled_said(rental: RentalQuote) -> str:
    """What a cancellation came to, for who asked."""
    cancellation = RentalCancellation.objects.filter(rental=rental).first()
    if cancellation is None:
        return _("L’espace est libéré.")
    cost, by_house = cancellation.cost, cancellation.by_house
    paid = _given_back_by_house(cancellation) if by_house else _paid_said(cost)
    return " ".join([paid, *_owed_said(cost)])


def _given_back_by_house(cancellation: RentalCancellation) -> str:
    """Why the house cancels, and that all that was paid goes back."""
    words = {"reason": cancellation.reason, "back": euros(cancellation.cost.given_back, language())}
    said = _("Nous ne pouvons pas vous accueillir, et nous en sommes désolés\u00a0: %(reason)s") % words
    if not cancellation.cost.given_back:
        return said
    return " ".join([said, _("Tout ce que vous avez payé vous est rendu\u00a0: %(back)s.") % words])


def _paid_said(cost: Cost) -> str:
    """What becomes of what was paid."""
    kept = cost.paid - cost.given_back
    words = {"back": euros(cost.given_back, language()), "kept": euros(kept, language())}
    if not cost.paid:
        return _("L’espace est libéré.")
    if not cost.given_back:
        return _("L’espace est libéré. L’acompte versé, %(kept)s, est gardé selon le barème.") % words
    if not kept:
        return _("L’espace est libéré. L’acompte vous est rendu\u00a0: %(back)s.") % words
    return _("L’espace est libéré. %(kept)s sont gardés selon le barème, %(back)s vous sont rendus.") % words


def _owed_said(cost: Cost) -> list[str]:
    """What becomes of what was invoiced and not paid."""
    words = {"lifted": euros(cost.lifted, language()), "due": euros(cost.due, language())}
    said = []
    if cost.lifted:
        said.append(_("%(lifted)s qui étaient facturés ne sont plus à payer.") % words)
    if cost.due:
        said.append(_("%(due)s restent à payer sur la facture, selon le barème.") % words)
    return said


def _unpaid_for_desk(rental: RentalQuote) -> str:
    order = rental.quote.advance_order
    kept = sum_kept(order) if order is not None and order.state == Order.State.EXPIRED else ZERO
    words = {"who": rental.request, "amount": euros(kept, language())}
    if kept:
        return _("De l’acompte de %(who)s, %(amount)s seulement sont arrivés à temps.") % words
    return _("L’acompte de %(who)s n’est pas arrivé à temps.") % words


def _cancelled_for_desk(rental: RentalQuote) -> str:
    cancellation = RentalCancellation.objects.filter(rental=rental).first()
    cost = cancellation.cost if cancellation is not None else Cost(0, ZERO, Bill())
    words = {
        "who": rental.request,
        "kept": euros(cost.kept, language()),
        "back": euros(cost.given_back, language()),
        "rest": euros(cost.rest, language()),
    }
    if cancellation is not None and cancellation.by_house:
        return (
            _("Location de %(who)s annulée du fait du lieu\u00a0: rien n’est gardé, %(back)s à rendre.")
            % words
        )
    said = _("Location de %(who)s annulée\u00a0: %(kept)s gardés par le barème, %(back)s à rendre.") % words
    if cost.rest:
        more = _("Au-delà de l’acompte, %(rest)s peuvent être demandés\u00a0: à vous d’en décider.")
        said = f"{said} {more % words}"
    return said


def _invoiced(rental: RentalQuote) -> bool:
    """Whether its balance came to anything."""
    return Document.objects.invoices().filter(order__rental_balance__rental=rental).exists()


def _done(rental: RentalQuote) -> str:
    if not _invoiced(rental):
        said = _("Il n’y a rien à payer.")
        more = _("L’avoir de votre acompte vous parvient à part.")
        return f"{said} {more}" if advances_of(rental.quote) else said
    less = Document.objects.filter(order__rental_balance__rental=rental, deductions__isnull=False).exists()
    said = (
        _("Votre facture est jointe\u00a0: l’acompte versé y est déduit.")
        if less
        else _("Votre facture est jointe.")
    )
    owed = documents_of(rental.request).unpaid().first()
    return f"{said} {left_to_pay(owed, owed.owed, language())}" if owed is not None else said


def _accepted(rental: RentalQuote) -> str:
    order = rental.quote.advance_order
    if order is None or order.expires_at is None:
        return _("L’espace est réservé, rien n’est à payer d’avance.")
    return kept_until(rental, order.expires_at)


def desk_said(rental: RentalQuote, news: str) -> tuple[str, str]:
    """A title and a sentence, for who answers."""
    who = {"who": rental.request}
    said = {
        "accepted": (_("Devis accepté"), _("%(who)s a accepté le devis.") % who),
        "refused": (
            _("Devis refusé"),
            _("%(who)s a refusé le devis\u00a0: %(reason)s") % {**who, "reason": rental.quote.refusal_reason},
        ),
        "expired": (
            _("Devis expiré"),
            _("%(who)s n’a pas répondu à temps, l’espace est de nouveau libre.") % who,
        ),
        "promoted": (
            _("Second rang servi"),
            _("%(who)s passe en tête\u00a0: l’espace lui est gardé jusqu’au %(day)s.")
            % {**who, "day": last_day(rental)},
        ),
        "paid": (_("Acompte payé"), _("%(who)s a payé l’acompte, l’espace est réservé.") % who),
        "unpaid": (
            _("Acompte non payé"),
            _unpaid_for_desk(rental),
        ),
        "cancelled": (_("Location annulée"), _cancelled_for_desk(rental)),
        "given_up": (
            _("Location abandonnée"),
            _("%(who)s a abandonné le paiement de l’acompte.") % who,
        ),
    }
    return said[news]


def register() -> None:
    """Declare every message about quotes; called from `apps.py:ready`."""
    kinds.register("rentals/quote", load_quote, label=gettext_lazy("devis de location"))
    kinds.register("rentals/quote_news", load_news, label=gettext_lazy("suite d’un devis de location"))
    kinds.register("rentals/quote_desk", load_desk, label=gettext_lazy("devis de location, pour l’équipe"))
