"""Every page of the directory and the help board, looked at as someone who may open it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from members.services import notices
from tests.browser import steps
from tests.browser.sweep import look_at, swept
from tests.browser.world import House, make_long_named
from tests.factories.members import make_membership, make_user
from tests.factories.notices import make_member, make_notice, make_profile

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("swept_how")]
LONG = "Une relecture d’un texte dont le titre tient sur plusieurs lignes d’un petit téléphone"


def at(name: str, *args: object) -> str:
    return reverse(f"members:{name}", args=args)


def test_what_a_member_sees(page: Page, house: House) -> None:
    user, now = make_long_named(), timezone.now()
    make_membership(user=user)
    steps.sign_in(page, user)
    swept(page, [at("directory"), at("board"), at("board") + "?voir=pour-moi"])
    me = make_profile(
        user=user,
        job="Développeuse de formulaires accessibles et de tableaux",
        organisation="Coopérative des essais",
        skills=["Développement", "Accessibilité numérique", "Rédaction technique"],
        about="Je fais des essais.",
        looking_for="Une relecture.",
        offering="Un regard.",
        website="https://essais.example/une-adresse-bien-longue/qui-ne-tient-pas-sur-une-ligne",
    )
    mine = make_notice(LONG, author=user)
    notices.reply_to(notice=mine, author=make_profile("Malo Essai").user, body="Volontiers.", now=now)
    theirs = make_notice()
    solved = make_notice(author=user)
    notices.solve_notice(notice=solved, by=user, helped_by=None, thanks="Merci.", now=now)
    addresses = [me.get_absolute_url(), *(each.get_absolute_url() for each in (mine, theirs, solved))]
    addresses += [
        at("directory") + "?q=esai",
        at("directory") + "?q=plomberie",
        at("edit_profile"),
        at("board"),
    ]
    addresses += [at(name, mine.slug) for name in ("edit_notice", "solve_notice")]
    swept(page, [*addresses, at("write_notice"), at("report_notice", theirs.slug)])


def test_what_the_manager_sees_of_the_board(page: Page, house: House) -> None:
    notice, now = make_notice(), timezone.now()
    notices.report_notice(notice=notice, by=make_member(), reason="C’est une publicité.", now=now)
    steps.sign_in(page, make_user(role="manager"))
    board = at("board") + "?voir=signalees"
    swept(page, [board, notice.get_absolute_url(), at("hide_notice", notice.slug)])


def test_what_whoever_is_no_member_sees(page: Page, house: House, console: list[str]) -> None:
    steps.sign_in(page, make_user())
    assert look_at(page, at("directory"), status=403) == []
    assert all("403" in text for text in console)
    console.clear()
    swept(page, [at("edit_profile")])
