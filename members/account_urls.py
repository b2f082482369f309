"""The addresses of accounts: allauth's views under French addresses, each declared for who may come in.

The names are allauth's own. Included by cantine/urls.py under /compte/.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from members.access import before_second_factor, public, signed_in


def to_security(request: HttpRequest) -> HttpResponse:
    """Lead to the page of ours that lists everything, where allauth has one of its own."""
    return redirect("members:security")


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
    path("confirmer/code/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirmer/cle/", signed_in(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("connexion/cle/", public(keys.login_webauthn), name="mfa_login_webauthn"),
    path("connexion/double/", public(mfa.authenticate), name="mfa_authenticate"),
    path("application/", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("application/retirer/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes-de-secours/", signed_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "codes-de-secours/nouveaux/",
        signed_in(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("cles/ajouter/", signed_in(keys.add_webauthn), name="mfa_add_webauthn"),
    path("cles/<int:pk>/", signed_in(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", signed_in(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("securite/", signed_in(to_security), name="mfa_index"),
    path("cles/", signed_in(to_security), name="mfa_list_webauthn"),
]

for each in urlpatterns:  # a second factor is added here
    before_second_factor(each.callback)
