"""What each figure of the report means, as it is printed (docs/reports.md says the same)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INCOME = _(
    "Recettes propres\u00a0: lignes des factures émises dans la période, hors TVA, moins les avoirs, "
    "à la date du document. Une facture d’acompte ne compte pas\u00a0: la facture de solde porte "
    "toutes les lignes."
)
COSTS = _(
    "Coûts de fonctionnement et subventions\u00a0: lignes du budget saisies pour chaque mois. Les "
    "coûts d’un vendeur comptent quand tous ses sites sont dans le rapport."
)
COVERAGE = _(
    "Couverture\u00a0: recettes propres divisées par les coûts de fonctionnement\u202f; avec "
    "subventions\u00a0: recettes propres et subventions divisées par ces coûts. Douze mois "
    "glissants\u00a0: ce qui s’est passé pendant les douze mois qui finissent avec la période, dont "
    "seuls comptent ceux dont le coût est saisi."
)
WAY = _(
    "Trajectoire vers l’objectif\u00a0: droite de la couverture de départ à celle visée à la date de "
    "l’objectif, au mois de la ligne\u202f; pour les douze mois glissants, au dernier. Écart\u00a0: points "
    "de couverture au-dessus ou au-dessous."
)
INDICATORS = _(
    "Indicateurs de la convention\u00a0: mesurés par nos chiffres sur les douze mois qui finissent "
    "avec la période, ou saisis à la main."
)
OCCUPANCY = _(
    "Occupation\u00a0: heures prises par des réservations confirmées (membres, événements, "
    "locations), sur cent heures d’ouverture de tous les postes et salles. Une fermeture ne prend "
    "rien."
)
HEAT = _("Postes pris sur cent offerts, selon le jour et l’heure, pendant la période.")
PEOPLE = _(
    "Personnes accueillies\u00a0: qui tenait une réservation confirmée ou est venu à un événement, "
    "une fois par adresse. Quelque temps après un événement l’adresse est effacée\u00a0: un pseudonyme "
    "compte alors à sa place, le même toute l’année civile. Nouvelle\u00a0: première venue dans la période. "
    "Organisations\u00a0: celles qui ont payé, ou dont quelqu’un est venu."
)
COHORTS = _(
    "Fidélité\u00a0: de celles et ceux venus pour la première fois dans un trimestre, combien sont "
    "revenus ensuite. Moins de cinq personnes ne sont pas dites."
)
EVENTS = _(
    "Événements publiés qui commencent dans la période. Attendus\u00a0: places confirmées. "
    "Venus\u00a0: arrivées notées. Présence\u00a0: sur les seuls événements où des arrivées ont été "
    "notées."
)
VOLUNTEERS = _(
    "Bénévoles\u00a0: qui a écrit, aidé à organiser ou accueilli à un événement, hors "
    "personnel\u202f; une personne compte une fois dans le total."
)
RENTALS = _(
    "Demandes reçues dans la période. Gagnées sur cent décidées. Première réponse\u00a0: délai moyen "
    "jusqu’au premier devis. Montant\u00a0: celui des demandes gagnées, hors TVA."
)
STAGES = _("Ce qui est en cours au jour de l’établissement du rapport.")
AHEAD = _(
    "Réservé\u00a0: commandes en attente de paiement et locations acceptées à facturer. Devis\u00a0: "
    "envoyés et encore valables. Au jour de l’établissement du rapport."
)
DUE = _(
    "Ce qui est promis au financeur de la convention en cours\u00a0: échéances des trois mois qui suivent "
    "l’établissement du rapport, et ce qui est en retard."
)
AGREEING = _(
    "Les recettes suivent la date des factures, les encaissements la date des paiements\u00a0: une "
    "facture payée le mois suivant est une recette de ce mois et un encaissement de l’autre. La TVA "
    "et les acomptes s’encaissent sans être des recettes. Le tableau passe de l’un à l’autre."
)
BOOKS = _(
    "Journal\u00a0: écritures déduites des factures et des paiements, celles du fichier des "
    "écritures comptables (FEC). Clôtures\u00a0: somme des clôtures quotidiennes de caisse de la "
    "période."
)

Text = str | Promise
