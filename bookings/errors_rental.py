"""What a rental request is refused for, in words anyone may read."""

from typing import ClassVar

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingRefused


class RentalRefused(BookingRefused):
    """The base of what rentals refuse."""

    status: ClassVar[int] = 422


class NotRented(RentalRefused):
    """A space that is not offered."""

    message = _("Cet espace ne se loue pas en ligne.")
    instead = _("Choisissez-en un autre, ou demandez-nous conseil.")


class NotSetUpLikeThis(NotRented):
    """A layout that a space does not take."""

    @classmethod
    def in_space(cls, name: str, possible: str) -> "NotSetUpLikeThis":
        """Say how it is set up: « debout (60), en théâtre (45) »."""
        why = gettext("%(space)s ne se dispose pas ainsi.") % {"space": name}
        instead = gettext("Dispositions possibles\u00a0: %(layouts)s.") % {"layouts": possible}
        return cls(why, instead=instead if possible else None)


class GoneBy(RentalRefused):
    """A day or an hour that is over."""

    message = _("Ce créneau est déjà passé.")
    instead = _("Choisissez un jour à venir.")


class TooFarAhead(RentalRefused):
    """Later than anyone can promise."""

    message = _("Les demandes portent sur les deux ans à venir.")


class TooManyPeople(RentalRefused):
    """More people than a space holds, set up like this."""

    instead = _("Choisissez un espace plus grand, une autre disposition, ou demandez-nous conseil.")

    @classmethod
    def in_space(cls, name: str, most: int) -> "TooManyPeople":
        """Say how many a space holds."""
        text = ngettext(
            "%(space)s accueille %(count)s personne au plus, dans cette disposition.",
            "%(space)s accueille %(count)s personnes au plus, dans cette disposition.",
            most,
        )
        return cls(text % {"space": name, "count": most})

    @classmethod
    def whatever_the_layout(cls, name: str, most: int) -> "TooManyPeople":
        """Say how many a space holds at most: no other layout helps."""
        text = ngettext(
            "%(space)s accueille %(count)s personne au plus.",
            "%(space)s accueille %(count)s personnes au plus.",
            most,
        )
        instead = gettext("Choisissez un espace plus grand, ou demandez-nous conseil.")
        return cls(text % {"space": name, "count": most}, instead=instead)


class NotAPerson(RentalRefused):
    """A form filled in as only programs do: a hidden field, a forged or missing sign of its page."""

    message = _("Votre demande n’a pas pu être envoyée.")
    instead = _("Relisez-la et envoyez-la à nouveau, ou écrivez-nous.")


class TooQuick(NotAPerson):
    """Sent sooner after the page was made than anyone can write."""

    message = _("Votre demande est partie plus vite qu’on ne l’écrit.")
    instead = _("Relisez-la quelques secondes, puis envoyez-la à nouveau.")


class TooOld(NotAPerson):
    """The page was made too long ago."""

    message = _("Cette page était ouverte depuis longtemps.")
    instead = _("Tout ce que vous avez écrit est là\u00a0: envoyez-le à nouveau.")


class FormSent(NotAPerson):
    """The form was sent before, by someone else."""

    message = _("Ce formulaire a déjà servi.")
    instead = _("Tout ce que vous avez écrit est là\u00a0: envoyez-le à nouveau.")


class TooManyRequests(RentalRefused):
    """More requests from one place, or for one address, than people make."""

    message = _("Trop de demandes en peu de temps.")
    instead = _("Attendez quelques minutes, ou écrivez-nous.")
    status: ClassVar[int] = 429
