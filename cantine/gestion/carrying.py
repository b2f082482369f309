"""Whether what a change asks for stands already, in words for who answers it, with the way to do it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing.models import Quote
from bookings.models import RentalChange, RentalRequest
from bookings.rental_change_stands import left_to_do
from bookings.rental_change_words import change_said
from bookings.services.rentals.staying import HAPPENS
from bookings.stay import stay_of

FIELDS = ("day", "starts", "people", "layout")


def carrying(asked: RentalRequest, change: RentalChange) -> dict[str, Any]:
    """The callout above the answer: `tone`, `strong`, `text`, `href`, `link` of components/callout.html."""
    if asked.may_be_withdrawn:
        return {
            "tone": "info",
            "text": _(
                "Répondre ne change rien d’autre\u00a0: faites d’abord le nouveau devis, s’il en faut un."
            ),
        }
    rental = asked.quotes.told().filter(quote__state=Quote.State.ACCEPTED).first()
    stay = stay_of(rental) if rental is not None and asked.state in HAPPENS else None
    if rental is None or stay is None:
        said = _("Répondre ne change rien d’autre\u00a0: la location se déplace une fois l’acompte payé.")
        return {"tone": "wait", "text": said}
    move = {"href": f"{reverse('admin:rental_day', args=[asked.pk])}?changement=oui#jour-heures"}
    if not _asks(change):
        said = _(
            "Répondre ne change rien d’autre\u00a0: ce qui bouge se fait dans «\u202fPréparer le jour\u202f»."
        )
        return {"tone": "info", "text": said, "link": _("Préparer le jour"), **move}
    left = left_to_do(change, rental, stay)
    if not _asks(left):
        return {"tone": "done", "text": _("Ce qui est demandé est déjà en place.")}
    return {
        "tone": "wait",
        "strong": _("Pas encore fait."),
        "text": change_said(left),
        "link": _("Préparer le jour avec ce qui est demandé"),
        **move,
    }


def _asks(change: RentalChange) -> bool:
    return any(getattr(change, name) is not None for name in FIELDS)
