"""What quotes of rentals are refused for, in words anyone may read."""

from django.utils.translation import gettext_lazy as _

from bookings.errors_rental import RentalRefused


class QuoteRefused(RentalRefused):
    """The base of what quotes refuse."""


class NothingOffered(QuoteRefused):
    """A quote without a line."""

    message = _("Un devis a au moins une ligne.")


class ValidTooShort(QuoteRefused):
    """A validity that is over, or that outlasts the beginning of what is rented."""

    message = _("La date de validité doit venir après maintenant, et avant la location.")


class NoLongerADraft(QuoteRefused):
    """It was sent meanwhile."""

    message = _("Ce devis est déjà parti\u00a0: préparez-en une nouvelle version.")
    status = 409


class RequestDecided(QuoteRefused):
    """The request was won, lost or withdrawn."""

    message = _("Cette demande est close, elle ne reçoit plus de devis.")
    status = 409


class DateTaken(QuoteRefused):
    """A space is taken for good at that time."""

    message = _("L’espace est déjà pris à ce moment-là.")
    instead = _("Changez d’espace ou d’heures.")
    status = 409


class OptionInTheWay(DateTaken):
    """Somebody else's option stands; another quote may go out behind it if the manager says so."""

    message = _("Une option est déjà posée par quelqu’un d’autre à ce moment-là.")
    instead = _(
        "Cochez «\u202fenvoyer en second rang\u202f» pour que la date lui revienne si l’option tombe."
    )


class NotStanding(QuoteRefused):
    """The quote can no longer be answered."""

    message = _("Ce devis n’attend plus de réponse.")
    instead = _("Écrivez-nous si votre projet tient toujours.")
    status = 409


class QuoteOver(NotStanding):
    """Its last day is over."""

    message = _("Ce devis n’est plus valable\u00a0: sa date est passée et l’espace n’est plus gardé.")


class QuoteSuperseded(NotStanding):
    """A newer version was sent."""

    message = _("Une nouvelle version de ce devis vous a été envoyée\u00a0: celle-ci ne vaut plus.")
    instead = _("Relisez la nouvelle version avant de l’accepter.")


class QuoteWithdrawn(NotStanding):
    """The house took it back."""

    message = _("Ce devis a été retiré par la Cantine.")


class DateGone(NotStanding):
    """The date was not kept, and someone was quicker."""

    message = _("La date vient d’être prise par quelqu’un d’autre.")
    instead = _("Rien n’est engagé. Écrivez-nous, nous cherchons une autre date avec vous.")


class OptionBefore(DateGone):
    """An option that stands goes before this quote, which is second in rank."""

    message = _("Une option passe avant la vôtre sur cette date.")
    instead = _(
        "Rien n’est engagé. Nous vous écrivons dès qu’elle tombe\u00a0: l’espace vous est alors gardé."
    )


class ConditionsNotAccepted(QuoteRefused):
    """The conditions were not ticked."""

    message = _("Cochez les conditions pour accepter le devis.")
