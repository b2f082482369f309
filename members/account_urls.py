"""The addresses of accounts: allauth's views under French addresses, each declared for who may come in.

The names are allauth's own. Included by cantine/urls.py under /compte/.
"""

from allauth.account import views
from django.urls import path

from members.access import public, signed_in

urlpatterns = [
    path("connexion/", public(views.login), name="account_login"),
    path("connexion/code/", public(views.request_login_code), name="account_request_login_code"),
    path("connexion/code/saisir/", public(views.confirm_login_code), name="account_confirm_login_code"),
    path("deconnexion/", public(views.logout), name="account_logout"),
    path("inscription/", public(views.signup), name="account_signup"),
    path("verifier/", public(views.email_verification_sent), name="account_email_verification_sent"),
    path("ferme/", public(views.account_inactive), name="account_inactive"),
    path("mot-de-passe/oublie/", public(views.password_reset), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/code/",
        public(views.confirm_password_reset_code),
        name="account_confirm_password_reset_code",
    ),
    path(
        "mot-de-passe/oublie/nouveau/",
        public(views.complete_password_reset),
        name="account_complete_password_reset",
    ),
    path(
        "mot-de-passe/oublie/fait/",
        public(views.password_reset_from_key_done),
        name="account_password_reset_completed",
    ),
    path("mot-de-passe/", signed_in(views.password_change), name="account_change_password"),
    path("mot-de-passe/choisir/", signed_in(views.password_set), name="account_set_password"),
    path("adresse/", signed_in(views.email), name="account_email"),
    path("confirmer/", signed_in(views.reauthenticate), name="account_reauthenticate"),
]
