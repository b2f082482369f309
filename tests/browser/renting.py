"""What people do who rent, and who answers them: journeys of renting are made of these steps."""

from playwright.sync_api import Page, expect

from billing.models import Quote
from bookings.models import RentalRequest
from tests.browser import steps
from tests.browser.world import House

ASKER = "maud@cantine.example"


def ask(page: Page, house: House) -> RentalRequest:
    """Ask for the hall, tomorrow afternoon."""
    page.goto("/rouen/louer/?espace=quai")
    page.get_by_label("Date", exact=True).fill(house.tomorrow.isoformat())
    page.get_by_label("Personnes").fill("45")
    page.get_by_label("De", exact=True).fill("14:00")
    page.get_by_label("À", exact=True).fill("18:00")
    page.get_by_label("Votre projet").fill("Une assemblée, puis un buffet.")
    page.get_by_label("Prénom et nom").fill("Maud Essai")
    page.get_by_label("Adresse électronique").fill(ASKER)
    steps.button(page, "Demander un devis").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos e-mails")
    asked = RentalRequest.objects.get()
    page.goto(asked.get_absolute_url())  # as the message says it
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande de location")
    return asked


def send(page: Page, asked: RentalRequest) -> Quote:
    """The manager prepares the quote, adds a line and sends it."""
    page.goto(f"/gestion/bookings/rentalrequest/{asked.pk}/change/")
    page.get_by_role("button", name="Préparer un devis").click()
    page.get_by_role("button", name="Ajouter une ligne").click()
    second = page.get_by_role("group", name="Ligne 2")
    second.get_by_label("Désignation").fill("Ménage du soir")
    second.get_by_label("Prix unitaire").fill("40")
    second.get_by_label("Base").select_option("ht")
    page.get_by_role("button", name="Recalculer").click()
    expect(page.locator("#totaux")).to_contain_text("228,00")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("part par e-mail")).to_be_visible()
    return Quote.objects.latest("pk")


def tick_all(page: Page) -> None:
    """Tick what must be agreed to."""
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()


def accept(page: Page, *, function: str = "présidente") -> None:
    """Accept the quote of the private page; a business says who is invoiced."""
    if page.get_by_label("Nom ou raison sociale").count():
        page.get_by_label("SIREN").fill("732 829 320")
        page.get_by_label("Adresse", exact=True).fill("1, rue de l’Essai")
        page.get_by_label("Code postal").fill("76000")
        page.get_by_label("Ville").fill("Rouen")
    page.get_by_label("Fonction").fill(function)
    tick_all(page)
    steps.button(page, "Accepter le devis").click()


def pay_advance(page: Page, asked: RentalRequest, amount: str) -> None:
    """Pay the advance by card, and be led back to the private page."""
    tick_all(page)
    steps.button(page, f"Payer {amount}").click()
    steps.pay_by_card(page)
    page.wait_for_url(f"**{asked.get_absolute_url()}")
