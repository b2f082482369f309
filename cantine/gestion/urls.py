"""Addresses of our own pages in /gestion/, wrapped as Django wraps those of its admin."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.urls import URLPattern, path, reverse_lazy

from cantine.gestion.views import (
    accounts,
    agreement,
    balancing,
    cancelling,
    changes,
    checklist,
    closing,
    counter,
    crediting,
    desk,
    disputes,
    drawer,
    french_tech,
    importing,
    owed,
    payouts,
    people,
    problems,
    quotes,
    refunding,
    remittances,
    rental_buyer,
    rental_day,
    rentals,
    report_links,
    reports,
    search,
    settings_page,
    sheet,
    till,
    today,
    transfers,
    transit,
)
from cantine.pilotage import attendance_views
from cantine.pilotage import views as pilotage


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
        path("locations/<int:pk>/changement/", own(site, changes.answer), name="answer_change"),
        path("locations/<int:pk>/devis/", own(site, quotes.prepare), name="prepare_quote"),
        path("locations/<int:pk>/classer/", own(site, quotes.close_request), name="close_request"),
        path("locations/<int:pk>/facture-a/", own(site, rental_buyer.rental_buyer), name="rental_buyer"),
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
        path("caisse/", own(site, till.overview), name="till"),
        path("caisse/clotures/", own(site, till.closings), name="till_closings"),
        path("caisse/clotures/<int:pk>/", own(site, till.closing), name="till_closing"),
        path("caisse/clotures/<int:pk>/archiver/", own(site, till.archive), name="archive_till"),
        path("caisse/archives/", own(site, till.archives), name="till_archives"),
        path("caisse/archives/<int:pk>.zip", own(site, till.archive_file), name="till_archive"),
        path("caisse/journal/", own(site, till.technical_log), name="till_log"),
        path("caisse/comptage/<slug:code>/", own(site, drawer.count), name="cash_count"),
        path("caisse/comptage/<slug:code>/mouvement/", own(site, drawer.move), name="move_cash"),
        path("caisse/remises/", own(site, remittances.remittances), name="remittances"),
        path("caisse/remises/reprise/", own(site, remittances.past), name="remit_past"),
        path("caisse/remises/<int:pk>/", own(site, remittances.remittance), name="remittance"),
        path("caisse/remises/<int:pk>/retirer/", own(site, remittances.withdraw), name="withdraw_remittance"),
        path("virements/saisir/", own(site, transfers.transfer), name="transfer"),
        path("versements-stripe/", own(site, payouts.payouts), name="payouts"),
        path("versements-stripe/transit/", own(site, transit.transit), name="transit"),
        path("versements-stripe/versements.csv", own(site, payouts.table), name="payouts_table"),
        path("versements-stripe/<int:pk>/", own(site, payouts.payout), name="payout"),
        path("versements-stripe/<int:pk>.csv", own(site, payouts.movements_table), name="payout_table"),
        path("versements-stripe/<int:pk>/rapprocher/", own(site, payouts.match), name="match_payout"),
        path("trop-percus/<int:pk>/", own(site, transfers.credit), name="credit"),
        path("remboursements/<int:pk>/rendu/", own(site, refunding.repay), name="repay"),
        path("remboursements/<int:pk>/reessayer/", own(site, refunding.try_again), name="refund_again"),
        path("remboursements/<int:pk>/approuver/", own(site, refunding.approve), name="approve_refund"),
        path("remboursements/<int:pk>/refuser/", own(site, refunding.decline), name="refuse_refund"),
        path("comptes/", own(site, accounts.accounts), name="accounts"),
        path("comptes/ecritures/", own(site, accounts.accounts_entries), name="accounts_entries"),
        path("comptes/tva/", own(site, accounts.accounts_vat), name="accounts_vat"),
        path("comptes/a-recevoir/", own(site, accounts.accounts_receivables), name="accounts_receivables"),
        path("comptes/contestations/<int:pk>/", own(site, disputes.dispute), name="dispute"),
        path(
            "comptes/contestations/<int:pk>/retirer/",
            own(site, disputes.withdraw),
            name="withdraw_write_off",
        ),
        path("comptes/produits/", own(site, accounts.accounts_revenue), name="accounts_revenue"),
        path("comptes/fec/", own(site, accounts.accounts_fec), name="accounts_fec"),
        path("rapport/", own(site, report_links.report_links), name="report_links"),
        path(
            "rapport/<int:pk>/revoquer/",
            own(site, report_links.revoke_report_link),
            name="revoke_report_link",
        ),
        path("pilotage/", own(site, pilotage.pilotage), name="pilotage"),
        path("pilotage/mois.csv", own(site, pilotage.pilotage_csv), name="pilotage_csv"),
        path("pilotage/mois/<str:month>/", own(site, pilotage.pilotage_month), name="pilotage_month"),
        path("pilotage/frequentation/", own(site, attendance_views.attended), name="attendance"),
        path(
            "pilotage/frequentation/espaces/",
            own(site, attendance_views.attended_spaces),
            name="attendance_spaces",
        ),
        path(
            "pilotage/frequentation/<slug:table>.csv",
            own(site, attendance_views.attended_csv),
            name="attendance_csv",
        ),
        path("rapports/", own(site, reports.reports), name="reports"),
        path("rapports/apercu/", own(site, reports.preview), name="report_preview"),
        path("rapports/emettre/", own(site, reports.confirm), name="report_issue"),
        path("rapports/<int:pk>/", own(site, reports.issued), name="report_issued"),
        path("rapports/<int:pk>.pdf", own(site, french_tech.report_pdf), name="report_pdf"),
        path("rapports/<int:pk>.csv", own(site, french_tech.report_csv), name="report_csv"),
        path("french-tech/", own(site, french_tech.french_tech), name="french_tech"),
        path("french-tech/fichier.csv", own(site, french_tech.ecosystem_csv), name="ecosystem_csv"),
        path("organisations/<int:pk>/page-publique/", own(site, agreement.agreement), name="agreement"),
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
