"""What the pages of a registration say, in whole sentences."""

from decimal import Decimal

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Registration
from members.formats import euros

State = Registration.State


def queue_sentence(registration: Registration) -> str:
    """Where one stands in the waiting list."""
    if registration.state != State.WAITING:
        return ""
    waiting = Registration.objects.filter(event=registration.event_id).waiting()
    earlier = Q(queued_at__lt=registration.queued_at) | Q(
        queued_at=registration.queued_at, pk__lt=registration.pk
    )
    before = waiting.filter(earlier).count()
    if before == 0:
        return _("Vous êtes en tête de la liste.")
    return _("Vous êtes au rang %(rank)s de la liste.") % {"rank": before + 1}


def already_said(registration: Registration) -> str:
    """What someone reads who asks again for what they have; what they typed anew is not kept."""
    if registration.state == State.WAITING:
        return _("Vous êtes déjà sur la liste d’attente\u00a0: rien n’a été changé à votre demande.")
    if registration.is_offer:
        return _("Une place vous est déjà proposée\u00a0: rien n’a été changé, il reste à l’accepter.")
    if registration.state == State.HELD:
        return _("Votre place vous est déjà gardée et attend son paiement\u00a0: rien n’a été changé.")
    return _("Vous êtes déjà inscrit·e\u00a0: rien n’a été changé, voici ce que vous avez.")


def leave_terms(registration: Registration, *, kept: Decimal, paid: bool) -> str:
    """What giving the seats back costs now."""
    if registration.state == State.WAITING:
        return _("Vous ne recevrez plus de proposition pour cet événement.")
    if not paid:
        return _("Votre place ira à quelqu’un d’autre.")
    language = get_language() or "fr"
    if kept:
        return _("Le délai de remboursement est passé\u00a0: %(kept)s sont gardés.") % {
            "kept": euros(kept, language)
        }
    return _("%(amount)s vous sont rendus.") % {"amount": euros(registration.total, language)}


def leave_button(registration: Registration, *, nothing_back: bool) -> str:
    """What the button does."""
    if registration.state == State.WAITING:
        return _("Quitter la liste d’attente")
    if nothing_back:
        return _("Annuler sans remboursement")
    return _("Annuler mon inscription")
