"""What an event must have before anyone reads it, and as long as people do."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from events.errors import EventRefused, NotSold
from events.models import Event, TicketType
from events.services import selling


class NotReady(EventRefused):
    """Something is missing before anyone may read it."""


class AlreadyBegun(EventRefused):
    """An event that is over, or has begun, is not published."""

    message = _("La date de cet événement est passée\u00a0: changez-la d’abord.")


def check_ahead(event: Event, now: datetime) -> None:
    """Refuse what has begun."""
    if event.starts_at <= now:
        raise AlreadyBegun


def check_ready(event: Event) -> None:
    """Refuse what has no words, no place, or tickets that nobody could pay for."""
    if not event.description.strip():
        raise NotReady(_("Décrivez l’événement en quelques lignes."))
    if event.where == Event.Where.ROOM and event.space is None:
        raise NotReady(_("Choisissez une salle."))
    if event.where == Event.Where.ELSEWHERE and not event.place_name:
        raise NotReady(_("Dites où cela se passe."))
    if event.where == Event.Where.ONLINE and not event.online_link:
        raise NotReady(
            _("Donnez le lien de la visioconférence\u00a0: il n’est montré qu’aux personnes inscrites.")
        )
    costs = event.tickets.filter(is_active=True).exclude(pricing=TicketType.Pricing.FREE)
    if costs.exists() and not selling.may_sell(event.site):
        raise NotSold(
            instead=_(
                "Demandez à l’équipe de créer l’article «\u202fevenements\u202f» et un moyen de paiement."
            )
        )
