"""A passkey, with Chromium's virtual authenticator: added, then signed in with, up to /gestion/."""

import re

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect
from pytest_django import Settings

from members.models import User
from tests.browser import steps
from tests.browser.fixtures import NewPage
from tests.browser.world import House
from tests.factories.members import PASSWORD, make_user

pytestmark = pytest.mark.browser


def with_authenticator(page: Page) -> Page:
    """Give the page a device that says yes to every question."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return page


@pytest.fixture
def maud(settings: Settings) -> User:
    settings.SECOND_FACTOR_EXEMPT_DOMAIN = ""
    return make_user(role="manager", name="Maud Essai", email="maud@cantine.example")


def test_a_manager_adds_a_passkey_signs_out_and_signs_in_with_it_alone(
    phone: Page, house: House, maud: User
) -> None:
    page = with_authenticator(phone)
    page.goto("/compte/connexion/?next=/gestion/")
    page.get_by_label("Adresse électronique").fill(maud.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion et sécurité")
    steps.link(page, "Ajouter une clé d’accès").click()
    if page.get_by_role("heading", name="Confirmer que c’est vous").is_visible():
        page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        steps.button(page, "Confirmer").click()
    page.get_by_label("Nom de la clé").fill("Téléphone de Maud")
    steps.button(page, "Créer la clé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")
    expect(page.locator(".codes li")).to_have_count(10)
    steps.link(page, "Je les ai gardés").click()
    expect(page.get_by_role("main")).to_contain_text("Téléphone de Maud")
    assert Authenticator.objects.filter(user=maud, type="webauthn").count() == 1
    page.goto("/moi/")
    steps.button(page, "Se déconnecter").click()
    page.goto("/compte/connexion/?next=/gestion/")
    steps.button(page, "Se connecter avec une clé d’accès").click()
    expect(page).to_have_url(re.compile("/gestion/$"))
    expect(page.get_by_role("link", name="La Cantine gestion")).to_be_visible()


def test_without_script_a_passkey_is_not_offered(new_page: NewPage, house: House) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/compte/connexion/")
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_hidden()
