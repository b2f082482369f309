"""The addresses of this room; accounts have theirs in account_urls.py."""

from django.urls import path

from members.views import board, board_acts, directory, privacy
from members.views.joining import join
from members.views.listing import listing
from members.views.me import me
from members.views.organisations import organisation, organisations, person, withdraw
from members.views.pages import page
from members.views.preferences import preferences, unsubscribe
from members.views.rules import rules
from members.views.security import end_others, end_session, security

app_name = "members"

PEOPLE = [
    path("membres/", directory.directory, name="directory"),
    path("membres/photos/<str:name>", directory.photo, name="photo"),
    path("membres/<slug:slug>/", directory.profile, name="profile"),
    path("moi/profil/", directory.edit_profile, name="edit_profile"),
]

BOARD = [
    path("entraide/", board.board, name="board"),
    path("entraide/nouvelle/", board.write, name="write_notice"),
    path("entraide/<slug:slug>/", board.notice, name="notice"),
    path("entraide/<slug:slug>/modifier/", board.edit, name="edit_notice"),
    path("entraide/<slug:slug>/resolue/", board_acts.solve, name="solve_notice"),
    path("entraide/<slug:slug>/prolonger/", board_acts.prolong, name="prolong_notice"),
    path("entraide/<slug:slug>/retirer/", board_acts.close, name="close_notice"),
    path("entraide/<slug:slug>/signaler/", board_acts.report, name="report_notice"),
    path("entraide/<slug:slug>/masquer/", board_acts.hide, name="hide_notice"),
    path("entraide/<slug:slug>/montrer/", board_acts.keep, name="keep_notice"),
]

urlpatterns = [
    path("moi/", me, name="me"),
    path("moi/confirmer/", privacy.confirm, name="confirm"),
    path("moi/donnees/", privacy.data, name="data"),
    path("moi/donnees/demander/", privacy.ask, name="ask_for_copy"),
    path("moi/donnees/<str:key>/", privacy.copy, name="copy"),
    path("moi/fermer/", privacy.close, name="close"),
    path("compte/reprendre/<str:key>/", privacy.reopen, name="take_back"),
    path("moi/securite/", security, name="security"),
    path("moi/securite/sessions/", end_others, name="end_others"),
    path("moi/securite/sessions/<int:pk>/", end_session, name="end_session"),
    path("moi/preferences/", preferences, name="preferences"),
    path("moi/reglement/", rules, name="rules"),
    path("moi/organisations/", organisations, name="organisations"),
    path("moi/organisations/<int:pk>/", organisation, name="organisation"),
    path("moi/organisations/<int:pk>/fiche/", listing, name="listing"),
    path("moi/organisations/<int:pk>/personnes/<int:affiliation>/", person, name="person"),
    path(
        "moi/organisations/<int:pk>/invitations/<int:invitation>/retirer/",
        withdraw,
        name="withdraw_invitation",
    ),
    path("rejoindre/<str:key>/", join, name="join"),
    path("desabonnement/<str:ticket>/", unsubscribe, name="unsubscribe"),
    path("pages/<slug:slug>/", page, name="page"),
    path("pages/<slug:slug>/versions/<int:version>/", page, name="page_version"),
    *PEOPLE,
    *BOARD,
]
