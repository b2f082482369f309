"""What each page of « Comptes » says its figures are."""

from django.utils.translation import gettext_lazy as _

BALANCE = _(
    "Ce que les écritures de la période portent à chaque compte. Solde\u00a0: débits moins crédits. "
    "Quand la période commence avec un exercice, les soldes d’avant y sont, en à-nouveaux (journal AN). "
    "Sinon, ils n’y sont pas."
)
JOURNAL = _(
    "Une écriture par document émis, par mouvement d’argent, par versement, par remise en banque, par perte "
    "décidée et par écart de caisse, tirée d’eux seuls, numérotée dans l’ordre d’enregistrement de "
    "l’exercice. Journaux\u00a0: AN à-nouveaux, VE ventes, BQ banque, CA caisse, OD opérations diverses."
)
VAT = _(
    "TVA devenue exigible dans la période, par taux, avoirs et acomptes déduits compris. Chaque document "
    "suit la règle qu’il imprime\u00a0: d’après les débits, la TVA est due à son émission\u202f; sur les "
    "encaissements, à mesure qu’il est payé, et elle revient quand l’argent est rendu, "
    "ou quand une perte la récupère."
)
OWED = _(
    "Ce qui restait dû à la fin du %(day)s\u00a0: factures moins paiements, avoirs et acomptes qui leur "
    "étaient affectés, par retard sur l’échéance. Ce que le vendeur doit à ses clients n’y est pas."
)
VAT_BRIDGE = _(
    "La balance d’une période qui commence avec l’exercice porte aussi ce qui restait dû à "
    "l’ouverture\u00a0: les deux pages diffèrent d’autant. TVA devenue exigible\u00a0: "
    "%(due)s, comme ci-dessus. Celle qui attend un encaissement est sur un autre compte, jusqu’à "
    "ce que l’argent vienne."
)
DISPUTES = _(
    "Chaque paiement que la banque de son titulaire a repris, et ce qu’il en reste dû. Stripe rend la somme "
    "avec un versement quand la contestation est gagnée\u202f; perdue et impayée, la trésorerie la passe "
    "en perte."
)
OWED_AGREES = _(
    "Ce que doivent les clients, lu dans les factures et les contestations, et ce qu’en disent les écritures "
    "à la fin du %(day)s. Dû aux clients\u00a0: paiements et avoirs qui ne règlent encore aucune facture."
)
REVENUE = _(
    "Lignes des factures et factures de solde émises, hors TVA, moins les avoirs, par rubrique d’article. "
    "Un acompte n’y est pas\u00a0: la facture de solde porte toutes les lignes. Les mois sont en euros, "
    "arrondis\u202f; le total, les lignes et le tableau CSV ont les centimes."
)
REVENUE_BRIDGE = _(
    "La balance porte aussi en classe 7 ce qu’aucune facture ne dit, comme les excédents de caisse. "
    "Chaque ligne mène à ses écritures."
)
VAT_BASE = _(
    "La base HT n’est pas le total de «\u202fProduits\u202f» (%(revenue)s)\u00a0: elle a en plus "
    "%(advances)s d’acomptes, factures d’acompte moins acomptes déduits, et %(rest)s pour ce qui est "
    "encaissé dans une autre période que facturé, et pour les pertes."
)
