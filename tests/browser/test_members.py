"""Found in spite of a typing error; asked, answered and solved: on a phone."""

import pytest
from playwright.sync_api import Page, expect

from members.models import Notice
from tests.browser import steps
from tests.browser.hands import work
from tests.browser.world import House
from tests.factories.notices import make_profile

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]


def test_someone_is_found_in_spite_of_a_typing_error_and_helps(phone: Page, house: House) -> None:
    asks = make_profile("Inès Essai", looking_for="Une affiche").user
    helps = make_profile("Hélène Essai", job="Graphiste", skills=["Illustration"]).user
    make_profile("Gaspard Essai", job="Développeur")
    page = phone
    steps.sign_in(page, asks)
    page.goto("/membres/")
    page.get_by_role("searchbox").fill("graphsite")
    steps.button(page, "Chercher").click()
    expect(page.get_by_text("1 personne")).to_be_visible()
    steps.link(page, "Hélène Essai").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hélène Essai")
    page.goto("/entraide/")
    steps.link(page, "Écrire une annonce").click()
    page.get_by_label("En une phrase").fill("Une illustration pour une affiche")
    page.get_by_label("Dites-en plus").fill("Deux couleurs, pour la fin du mois.")
    steps.button(page, "Publier l’annonce").click()
    expect(page.get_by_text("Votre annonce est sur le tableau")).to_be_visible()
    steps.sign_in(page, helps)
    page.goto("/entraide/?voir=pour-moi")
    steps.link(page, "Une illustration pour une affiche").click()
    page.get_by_label("Votre réponse").fill("Je vous montre trois essais mardi.")
    steps.button(page, "Répondre").click()
    expect(page.get_by_text("Votre réponse est envoyée")).to_be_visible()
    work()
    letter = steps.letter_to(asks.email, "Une réponse à")
    assert "Je vous montre trois essais mardi." in steps.plain(letter.text)
    steps.sign_in(page, asks)
    page.goto(Notice.objects.get().get_absolute_url())
    steps.link(page, "C’est résolu").click()
    page.get_by_label("Hélène Essai").check()
    page.get_by_label("Un mot de remerciement").fill("Merci, elle est très belle.")
    steps.button(page, "Marquer comme résolue").click()
    expect(page.get_by_text("a aidé")).to_be_visible()
    work()
    assert "grâce à vous" in steps.plain(steps.letter_to(helps.email, "Résolu").text)
