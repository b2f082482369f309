"""Addresses of our own pages in /gestion/, wrapped as Django wraps those of its admin."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path, reverse_lazy

from cantine.gestion.views import (
    balancing,
    cancelling,
    checklist,
    closing,
    counter,
    crediting,
    desk,
    importing,
    owed,
    people,
    problems,
    quotes,
    refunding,
    rental_day,
    rentals,
    report_links,
    search,
    settings_page,
    sheet,
    today,
    transfers,
)


def pages(site: AdminSite) -> list[URLPattern]:
    """Every page of ours; the first one is today's."""
    return [
        path("", own(site, today.today), name="index"),
        path("recherche/", own(site, search.search), name="search"),
        path("reglages/", own(site, settings_page.settings_page), name="settings"),
        path("mise-en-service/", own(site, checklist.checklist), name="checklist"),
        path("mise-en-service/essai/", own(site, checklist.send_trial), name="send_trial"),
        path("reprise/", own(site, importing.imports), name="imports"),
        path("reprise/modele/<slug:kind>.csv", own(site, importing.model_table), name="import_model"),
        path("reprise/<int:pk>/", own(site, importing.one), name="import"),
        path("reprise/<int:pk>/confirmer/", own(site, importing.confirm), name="confirm_import"),
        path("reprise/<int:pk>/abandonner/", own(site, importing.drop), name="drop_import"),
        path("comptoir/", own(site, counter.counter), name="counter"),
        path("comptoir/<int:pk>/", own(site, counter.sell), name="sell"),
        path("fermer/", own(site, closing.close), name="close"),
        path("fermetures/<int:pk>/rouvrir/", own(site, closing.reopen), name="reopen"),
        path("reservations/<int:pk>/pointer/", own(site, desk.arrive), name="arrive"),
        path("reservations/<int:pk>/depointer/", own(site, desk.undo_arrival), name="undo_arrival"),
        path("reservations/<int:pk>/prete/", own(site, desk.make_ready), name="make_ready"),
        path("reservations/<int:pk>/annuler/", own(site, cancelling.cancel), name="cancel_booking"),
        path("mise-en-place/", own(site, sheet.day_sheet), name="day_sheet"),
        path("locations/", own(site, rentals.rentals), name="rentals"),
        path("locations/<int:pk>/prochaine-etape/", own(site, rentals.next_step), name="next_step"),
        path("locations/<int:pk>/devis/", own(site, quotes.prepare), name="prepare_quote"),
        path("locations/<int:pk>/classer/", own(site, quotes.close_request), name="close_request"),
        path("locations/<int:pk>/jour/", own(site, rental_day.rental_day), name="rental_day"),
        path("locations/<int:pk>/solde/", own(site, balancing.balance), name="balance"),
        path("locations/<int:pk>/annuler/", own(site, balancing.cancel), name="cancel_rental"),
        path("devis/<int:pk>/", own(site, quotes.edit), name="edit_quote"),
        path("devis/<int:pk>/retirer/", own(site, quotes.withdraw), name="withdraw_quote"),
        path("devis/<int:pk>/supprimer/", own(site, quotes.discard), name="discard_quote"),
        path("devis/<int:pk>.pdf", own(site, quotes.pdf), name="quote_pdf"),
        path("commandes/<int:pk>/encaisser/", own(site, desk.take), name="take"),
        path("a-encaisser/", own(site, owed.owed), name="owed"),
        path("factures/<int:pk>/suivi/", own(site, owed.follow_up), name="follow_up"),
        path("factures/<int:pk>/avoir/", own(site, crediting.credit_document), name="credit_document"),
        path("avoirs/<int:pk>/utiliser/", own(site, crediting.use), name="use_credit_note"),
        path("pauses/<int:pk>/lever/", own(site, owed.lift_pause), name="lift_pause"),
        path("virements/saisir/", own(site, transfers.transfer), name="transfer"),
        path("trop-percus/<int:pk>/", own(site, transfers.credit), name="credit"),
        path("remboursements/<int:pk>/rendu/", own(site, refunding.repay), name="repay"),
        path("remboursements/<int:pk>/reessayer/", own(site, refunding.try_again), name="refund_again"),
        path("remboursements/<int:pk>/approuver/", own(site, refunding.approve), name="approve_refund"),
        path("remboursements/<int:pk>/refuser/", own(site, refunding.decline), name="refuse_refund"),
        path("rapport/", own(site, report_links.report_links), name="report_links"),
        path(
            "rapport/<int:pk>/revoquer/",
            own(site, report_links.revoke_report_link),
            name="revoke_report_link",
        ),
        path("personnes/<int:pk>/roles/", own(site, people.give_roles), name="give_roles"),
        path("messages/<int:pk>/renvoyer/", own(site, people.send_again), name="send_again"),
        path("signalements/<int:pk>/prendre/", own(site, problems.take), name="take_problem"),
        path("signalements/<int:pk>/resoudre/", own(site, problems.solve), name="solve_problem"),
        path("contacts/<int:pk>/traiter/", own(site, problems.deal), name="deal_with"),
        path("etiquettes/", own(site, problems.labels), name="labels"),
        path("anomalies/<int:pk>/regler/", own(site, people.resolve), name="resolve"),
    ]


def own(site: AdminSite, view: Callable[..., Any]) -> Callable[..., Any]:
    """Let only in who may enter /gestion/; the view itself says who may do what it does."""
    guarded = site.admin_view(view)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return guarded(*args, **kwargs)

    update_wrapper(wrapper, view)
    wrapper.admin_site = site  # type: ignore[attr-defined]  # as Django marks its own
    wrapper.login_url = reverse_lazy("admin:login")  # type: ignore[attr-defined]  # read by LoginRequiredMiddleware
    return wrapper
