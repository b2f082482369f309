"""The pages of the second factor and of sessions, the report, and a refund that waits for the treasurer."""

from decimal import Decimal

import pytest
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
from tests.browser import steps
from tests.browser.sweep import TWO, swept
from tests.browser.world import House, booked, make_long_named
from tests.factories.members import make_user

pytestmark = pytest.mark.browser


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
    steps.sign_in(page, user)
    names = ("members:security", "mfa_view_recovery_codes", "mfa_reauthenticate", "account_reauthenticate")
    swept(page, [reverse(name) for name in names], ways=TWO)


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
        reverse("admin:index"),
        reverse("admin:billing_refund_change", args=[refund.pk]),
        reverse("admin:refuse_refund", args=[refund.pk]),
    ]
    swept(page, addresses, ways=TWO)
