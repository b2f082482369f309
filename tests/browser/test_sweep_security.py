"""The pages of the second factor and of sessions, the report, and a refund that waits for the treasurer."""

from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from billing.models import Refund, Seller
from billing.payments.refunds import request_refund
from billing.settlement.services import take_at_desk
from cantine.report.links import make_link
from cantine.setup.managers import link_for
from tests.browser import steps
from tests.browser.reporting import reported_on
from tests.browser.sweep import TWO, look, swept
from tests.browser.world import House, booked, make_long_named
from tests.factories.members import PASSWORD, make_user
from tests.factories.payouts import charged, moved, paid_out, pay_by_card

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("swept_how")]


def test_the_pages_of_signing_in_safely(page: Page, house: House) -> None:
    user = make_long_named(name="Nour Essai")
    user.set_unusable_password()  # whoever has one proves it anew before each of these pages
    user.save()
    steps.sign_in(page, user)
    swept(
        page,
        [reverse("members:security"), reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")],
        ways=TWO,
    )


def test_the_pages_of_who_has_a_second_factor(page: Page, house: House) -> None:
    user = make_long_named(name="Nour Essai")
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    key = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé d’essai", "credential": {}}
    )
    steps.sign_in(page, user)
    names = ("members:security", "mfa_reauthenticate", "account_reauthenticate")
    swept(page, [reverse(name) for name in names], ways=TWO)
    confirm(page)
    names = ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp")
    of_key = ("mfa_edit_webauthn", "mfa_remove_webauthn")
    pages = [*map(reverse, names), *(reverse(name, args=[key.pk]) for name in of_key)]
    swept(page, pages, ways=TWO)
    assert page.url.endswith(pages[-1])


def confirm(page: Page) -> None:
    """Prove once more that it is them, as those pages ask."""
    page.goto(reverse("account_reauthenticate"))
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("main").locator("form button").first.click()
    page.wait_for_url(lambda url: not url.endswith(reverse("account_reauthenticate")))


def test_signing_in_with_a_second_factor(page: Page, house: House) -> None:
    user = make_long_named(name="Nour Essai")
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse électronique").fill(user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    steps.button(page, "Se connecter").click()
    page.wait_for_url(reverse("mfa_authenticate"))
    assert look(page, ways=TWO) == []


def test_the_first_managers_first_password(page: Page, house: House) -> None:
    user = make_user(role="manager")
    user.set_unusable_password()
    user.save()
    page.goto(link_for(user))
    assert look(page, ways=TWO) == []


def test_the_report_and_a_refund_that_waits(page: Page, house: House) -> None:
    manager, now = make_user(role="manager"), timezone.now()
    Seller.objects.update(refund_approval_above=Decimal("1.00"))
    held, _confirmed = booked(house, make_long_named(name="Nour Essai"))
    assert held.line
    payment = take_at_desk(order=held.line.order, method="cash", by=manager, now=now)
    with transaction.atomic():
        refund = request_refund(payment, Decimal("2.00"), reason=Refund.Reason.OVERPAID, now=now)
    link = make_link(label="Métropole", site=house.site, days=30, by=manager, now=now)
    steps.sign_in(page, make_user(role="treasurer"))
    addresses = [
        reverse("report", args=[link.key]),
        reverse("funder_report", args=[link.key, reported_on(house, manager)]),
        reverse("admin:index"),
        reverse("admin:billing_refund_change", args=[refund.pk]),
        reverse("admin:refuse_refund", args=[refund.pk]),
    ]
    swept(page, addresses, ways=TWO)
    look_at_a_loss(page, house.site.seller)


def look_at_a_loss(page: Page, seller: Seller) -> None:
    """A dispute as the treasurer finds it, and as it stands once she wrote it off."""
    now = timezone.now()
    payment = pay_by_card(now, seller=seller)
    taken = moved("dispute", "dp_essai", Decimal(-36), now, intent=payment.intent_id)
    payout = paid_out([charged(payment, now), taken], now)
    page.goto(reverse("admin:dispute", args=[payout.movements.get(kind="dispute").pk]))
    assert look(page, ways=TWO) == []
    page.get_by_label("Pourquoi elle est perdue").fill("Perdue à la banque")
    steps.button(page, "Passer en perte").click()
    page.get_by_text("La perte est notée").wait_for()
    assert look(page, ways=TWO) == []
