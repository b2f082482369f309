"""The pages of someone's day, looked at: the contact page, preferences, rules, problems, organisations."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from billing.customers import found_organisation
from bookings.services.problems import report_problem, solve_problem
from members.messages import topics
from members.services.organisations import accept_invitation, invite
from tests.browser import steps
from tests.browser.sweep import swept
from tests.browser.world import House, make_long_named
from tests.factories.members import make_user

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("swept_how")]
LONG = "Coopérative des Nuages bas, des Marées hautes et de leurs associés"


def test_what_a_visitor_sees_of_contact_and_invitations(page: Page, house: House) -> None:
    owner, now = make_long_named(), timezone.now()
    organisation = found_organisation(by=owner, name=LONG, buyer="association")
    said: dict[str, Any] = {"organisation": organisation, "role": "payer", "by": owner, "now": now}
    invitation = invite(email="nora-essaidunnomlong@cooperative-des-essais.example", **said)
    used = invite(email="paul@cooperative.example", **said)
    accept_invitation(invitation=used, by=make_user(), now=now)
    leave = reverse("members:unsubscribe", args=[topics.link_of(owner.email, "reminders").split("/")[-2]])
    swept(page, [reverse("contact"), invitation.get_absolute_url(), leave])


def test_what_a_coworker_sees_of_their_day(page: Page, house: House) -> None:
    user, now = make_long_named(), timezone.now()
    organisation = found_organisation(by=user, name=LONG, buyer="association")
    invite(organisation=organisation, email="nora@exemple.example", role="member", by=user, now=now)
    said: dict[str, Any] = {
        "site": house.site,
        "space": house.desk(7),
        "kind": "broken",
        "by": user,
        "now": now,
    }
    report_problem(words="La chaise penche.", **said)
    solved = report_problem(words="L’écran est noir.", **said)
    solve_problem(problem=solved, answer="Câble changé.", by=make_user(role="manager"), now=now)
    steps.sign_in(page, user)
    mine = organisation.affiliations.get()
    own = ("preferences", "rules", "organisations")
    swept(
        page,
        [
            *(reverse(f"members:{name}") for name in own),
            reverse("members:organisation", args=[organisation.pk]),
            reverse("members:person", args=[organisation.pk, mine.pk]),
            reverse("members:listing", args=[organisation.pk]),
            reverse("billing:found_organisation"),
            reverse("billing:organisation_address", args=[organisation.pk]),
            reverse("bookings:problems"),
            reverse("bookings:report_space", args=["rouen", house.desk(7).code]),
        ],
    )
