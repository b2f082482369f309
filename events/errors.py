"""What events refuse, in words anyone may read."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from bookings.errors import AlreadyTaken
from members.errors import Refused


class EventRefused(Refused):
    """The base of what events refuse."""


class Full(EventRefused):
    """No seat is left, and nobody may wait."""

    message = _("Il ne reste plus assez de places.")


class RoomTaken(AlreadyTaken):
    """The event's room is not free for its time, setting up and clearing included."""

    message = _("La salle est déjà prise à ce moment-là, préparation et rangement compris.")
    instead = _("Changez de salle ou d’heures.")


class NotOpen(EventRefused):
    """Registration has not begun, is over, or there is none."""

    message = _("Les inscriptions sont fermées.")


class MembersOnly(EventRefused):
    """Who is no member registers for a members' event."""

    message = _("Cet événement est réservé aux membres.")
    status: ClassVar[int] = 403


class TooManySeats(EventRefused):
    """More seats than one person may have."""


class BadPrice(EventRefused):
    """A price that cannot be paid."""

    message = _("Indiquez un montant en euros, à partir de zéro.")


class MissingAnswer(EventRefused):
    """A question that must be answered was not."""

    message = _("Il manque une réponse.")


class NotSold(EventRefused):
    """The seller has nothing to sell events as, or no way to be paid."""

    message = _("Les événements payants ne sont pas encore en vente ici.")


class TooOften(EventRefused):
    """More registrations from one place, or for one address, than people make."""

    message = _("Trop d’inscriptions en peu de temps.")
    instead = _("Attendez quelques minutes, ou connectez-vous.")
    status: ClassVar[int] = 429


class AddressFixed(EventRefused):
    """An address is corrected after something was paid or confirmed with it."""

    message = _("L’adresse ne peut plus être changée ici.")
    instead = _("Écrivez-nous, nous renverrons les billets.")


class WrongCode(EventRefused):
    """A code that is not the one sent, or too old."""

    message = _("Ce code n’est pas le bon, ou n’est plus valable.")
    instead = _("Vérifiez le dernier e-mail reçu, ou demandez un autre code.")
    status: ClassVar[int] = 422


class TooManyCodes(EventRefused):
    """More codes, or more tries, than people need."""

    message = _("Trop d’essais en peu de temps.")
    instead = _("Attendez quelques minutes.")
    status: ClassVar[int] = 429


class HasCome(EventRefused):
    """Who has come does not give the seat back by themself."""

    message = _("Votre arrivée est notée\u00a0: la place ne peut plus être rendue ici.")
    instead = _("Voyez avec la personne qui accueille.")


class Changed(EventRefused):
    """Someone else changed the event since its form, or its page, was opened."""

    message = _("Cet événement a été modifié entre-temps.")
    instead = _("Comparez avec sa page, puis enregistrez de nouveau pour garder votre version.")


class Over(EventRefused):
    """An event that has begun or taken place stays as it was."""

    message = _("Cet événement a déjà eu lieu\u00a0: sa date ne change plus.")
    instead = _("«\u202fRefaire cet événement\u202f» en crée un nouveau.")


class OfferOver(EventRefused):
    """An offer whose time is up, or that was answered already."""

    message = _("Cette proposition n’est plus valable.")
    instead = _("La place est allée à la personne suivante.")


class NotActive(EventRefused):
    """A registration that was cancelled or has expired."""

    message = _("Cette inscription n’est plus active.")


class TooLate(EventRefused):
    """The event has begun."""

    message = _("L’événement a commencé\u00a0: l’inscription ne peut plus être annulée.")


class NotComing(EventRefused):
    """A ticket that is no longer good, or not yet sure."""

    message = _("Ce billet n’est plus valable\u00a0: l’inscription n’est pas confirmée.")
    instead = _("La personne peut entrer comme une arrivée sans inscription.")


class AlreadyHere(EventRefused):
    """The same person is sold a second seat at the door."""

    message = _("Cette personne est déjà entrée, sa place est payée.")
    instead = _("Pour quelqu’un d’autre avec la même adresse, donnez son nom.")


class ToPay(EventRefused):
    """Who comes to a seat that was not paid."""

    message = _("Cette place n’est pas payée.")
    instead = _("La personne la règle depuis son lien privé.")
