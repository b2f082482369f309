"""« Cartes en transit »: the account in the books beside what is on its way, part by part."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from billing.accounting.transit import Why, transit_of
from bookings.views.requests import SignedInRequest
from cantine.gestion import shown, till
from cantine.gestion.everywhere import sees_everything
from members.access import role

WORDS = {
    Why.HELD: (gettext_lazy("Payé par carte, dans aucun versement"), ""),
    Why.ANNOUNCED: (
        gettext_lazy("Payé par carte, dans un versement annoncé"),
        gettext_lazy("il entre dans les comptes une fois versé"),
    ),
    Why.REFUNDED: (gettext_lazy("Remboursé, pas encore déduit par Stripe"), ""),
    Why.REFUNDED_ANNOUNCED: (gettext_lazy("Remboursé, déduit d’un versement annoncé"), ""),
    Why.REFUND_UNCONFIRMED: (
        gettext_lazy("Remboursements que Stripe a déduits ou rendus, et qui ne sont pas confirmés ici"),
        "",
    ),
    Why.SENT_BACK: (
        gettext_lazy("Versements renvoyés par la banque"),
        gettext_lazy("la somme repart avec un prochain versement"),
    ),
    Why.UNKNOWN: (
        gettext_lazy("Mouvements que nous ne connaissons pas"),
        gettext_lazy("les anomalies les nomment\u202f; l’expert-comptable les solde"),
    ),
    Why.OTHER_SELLER: (
        gettext_lazy("Versé avec les paiements d’un autre vendeur"),
        gettext_lazy("un compte Stripe pour plusieurs vendeurs\u00a0: à régler entre eux"),
    ),
}


@role("manager", "treasurer")
@sees_everything
@require_safe
def transit(request: SignedInRequest) -> HttpResponse:
    """The balance of a seller's account of cards in transit, explained line by line."""
    sellers, seller = till.seller_asked(request, request.user)
    found = transit_of(seller, timezone.now()) if seller else None
    return shown.page(
        request,
        "gestion/transit.html",
        title=_("Cartes en transit"),
        sellers=sellers,
        seller=seller,
        found=found,
        rows=[(*WORDS[part.why], part) for part in found.parts] if found else [],
    )
