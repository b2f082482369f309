"""What each page of « Comptes » says its figures are."""

from django.utils.translation import gettext_lazy as _

BALANCE = _(
    "Ce que les écritures de la période portent à chaque compte. Solde\u00a0: débits moins crédits. "
    "Quand la période commence avec un exercice, les soldes d’avant y sont, en à-nouveaux (journal AN). "
    "Sinon, ils n’y sont pas."
)
JOURNAL = _(
    "Une écriture par document émis, par mouvement d’argent, par versement, par remise en banque et par "
    "écart de caisse, tirée d’eux seuls, numérotée dans l’ordre d’enregistrement de l’exercice. "
    "Journaux\u00a0: AN à-nouveaux, VE ventes, BQ banque, CA caisse, OD opérations diverses."
)
VAT = _(
    "TVA devenue exigible dans la période, par taux, avoirs et acomptes déduits compris. Chaque document "
    "suit la règle qu’il imprime\u00a0: d’après les débits, la TVA est due à son émission\u202f; sur les "
    "encaissements, à mesure qu’il est payé, et elle revient quand l’argent est rendu."
)
OWED = _(
    "Ce qui restait dû à la fin du %(day)s\u00a0: factures moins paiements, avoirs et acomptes qui leur "
    "étaient affectés, par retard sur l’échéance. Ce que le vendeur doit à ses clients n’y est pas."
)
REVENUE = _(
    "Lignes des factures et factures de solde émises, hors TVA, moins les avoirs, par rubrique d’article. "
    "Un acompte n’y est pas\u00a0: la facture de solde porte toutes les lignes."
)
