"""What people wrote, asked for or complained of, and what was promised to them."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cantine.gestion.todo.line import Todo, entry


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
