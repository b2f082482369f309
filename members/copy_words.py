"""What each sort of data of the copy is, in words: the names in data.json are English."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAID: dict[str, str | Promise] = {
    "account": _("votre compte"),
    "roles": _("vos rôles"),
    "sessions": _("les appareils où votre session est ouverte\u00a0: navigateur, ouverture, dernier usage"),
    "second_factors": _("vos moyens de double authentification\u00a0: sorte et dates, jamais leurs secrets"),
    "addresses": _("vos adresses électroniques"),
    "organisations": _("les organisations dont vous êtes, et si vous en êtes responsable ou pouvez payer"),
    "memberships": _("vos adhésions"),
    "messages": _("les e-mails qui vous ont été écrits"),
    "data_requests": _("vos demandes de copie"),
    "closings": _("les fermetures demandées de votre compte"),
    "consents": _("ce que vous avez accepté, et dans quelle version"),
    "listings": _("les fiches publiques d’organisations que vous avez acceptées"),
    "preferences": _("vos préférences"),
    "emails_done_without": _("les e-mails dont vous ne voulez pas"),
    "invitations": _("les invitations à rejoindre une organisation"),
    "directory": _("votre profil, vos annonces, vos réponses et vos signalements"),
    "read_by_staff": _("les pages à votre sujet que l’équipe a ouvertes"),
    "lists_read_at_the_desk": _("les listes de personnes que vous avez ouvertes dans la gestion"),
}
