"""« Je cherche », « je propose »: asked, answered, thanked; what ends, and what should not be there."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from members.errors import NotAllowed
from members.messages.sending import send_due
from members.models import Message, Notice, Profile, Reply, Report, User
from members.models.notice import LASTS, WARNED
from members.services import directory_data, notices
from tests.factories.members import make_user
from tests.factories.notices import make_member, make_notice, make_profile
from tests.factories.places import make_place

pytestmark = pytest.mark.django_db


def reading(user: User) -> Client:
    """Someone's browser."""
    client = Client()
    client.force_login(user)
    return client


def reply(notice: Notice, author: User, body: str = "Je peux demain.") -> Reply:
    return notices.reply_to(notice=notice, author=author, body=body, now=timezone.now())


def solve(notice: Notice, by: User, helped_by: Reply | None = None, thanks: str = "") -> Notice:
    return notices.solve_notice(notice=notice, by=by, helped_by=helped_by, thanks=thanks, now=timezone.now())


def sent() -> list[tuple[str, str]]:
    """Send what is owed: (to, template), in order."""
    while send_due(timezone.now()):
        pass
    rows = Message.objects.filter(state=Message.SENT, template__startswith="notices/").order_by("id")
    return list(rows.values_list("to", "template"))


def test_asked_answered_and_solved_without_a_script() -> None:
    author, helper = make_profile("Inès Essai").user, make_profile("Malo Essai").user
    asks, answers = reading(author), reading(helper)
    typed = {"kind": "seek", "title": "Une relecture en anglais", "body": "Deux pages."}
    page = asks.post(reverse("members:write_notice"), typed, follow=True)
    notice = Notice.objects.get()
    assert "Votre annonce est sur le tableau" in page.content.decode()
    assert "Inès Essai" in answers.get(reverse("members:board")).content.decode()
    answers.post(notice.get_absolute_url(), {"body": "Je peux demain matin."})
    assert "Malo Essai" in asks.get(notice.get_absolute_url()).content.decode()
    first = Reply.objects.get()
    solving = reverse("members:solve_notice", args=[notice.slug])
    assert "Malo Essai\u00a0: Je peux demain matin." in asks.get(solving).content.decode()
    asks.post(solving, {"helped_by": str(first.pk), "thanks": "Merci beaucoup."})
    notice.refresh_from_db()
    assert (notice.state, notice.helped_by, notice.thanks) == ("solved", first, "Merci beaucoup.")
    shown = answers.get(notice.get_absolute_url()).content.decode()
    assert "Merci beaucoup." in shown
    assert 'name="body"' not in shown
    assert sent() == [(author.email, "notices/reply"), (helper.email, "notices/solved")]
    assert "Je peux demain matin." in mail.outbox[0].body
    assert "grâce à vous" in mail.outbox[1].body


def test_author_and_earlier_repliers_are_told_once_and_nobody_reads_an_address() -> None:
    author, first, second = (make_profile(f"{name} Essai").user for name in ("Inès", "Malo", "Nour"))
    notice = make_notice(author=author)
    reply(notice, first)
    reply(notice, second, "Moi aussi.")
    reply(notice, author, "Merci à vous deux.")
    told = Counter(to for to, _template in sent())
    assert told == {author.email: 2, first.email: 2, second.email: 1}
    words = "".join(f"{letter.body}{getattr(letter, 'alternatives', '')}" for letter in mail.outbox)
    page = reading(second).get(notice.get_absolute_url()).content.decode()
    assert not any(user.email in words + page for user in (author, first, second))


def test_a_letter_about_what_is_gone_or_to_who_left_is_dropped() -> None:
    author, helper = make_member(), make_member()
    notice = make_notice(author=author)
    reply(notice, helper)
    author.memberships.all().delete()
    assert sent() == []
    assert Message.objects.get(template="notices/reply").state == Message.DROPPED


def test_who_is_not_in_the_directory_has_a_neutral_name_everywhere() -> None:
    hidden = make_profile("Inès Essai")
    Profile.objects.update(is_listed=False)
    reader = make_member()
    notice = make_notice(author=reader)
    reply(notice, hidden.user)
    assert sent() == [(reader.email, "notices/reply")]
    page = reading(reader).get(notice.get_absolute_url()).content.decode()
    assert "Un membre" in page
    assert "Inès" not in page + mail.outbox[0].body + mail.outbox[0].subject


@pytest.mark.parametrize("over", ["solved", "closed", "ended", "hidden"])
def test_what_is_over_takes_no_reply(over: str) -> None:
    author, helper, manager = make_member(), make_member(), make_user(role="manager")
    notice = make_notice(author=author)
    if over == "solved":
        solve(notice, author)
    elif over == "closed":
        notices.close_notice(notice=notice, by=author)
    elif over == "ended":
        Notice.objects.update(
            created_at=timezone.now() - LASTS, expires_at=timezone.now() - timedelta(minutes=1)
        )
    else:
        notices.hide_notice(notice=notice, by=manager, reason="Publicité.", now=timezone.now())
    with pytest.raises(notices.NoLonger):
        reply(notice, helper)
    assert not Reply.objects.exists()
    assert notice.title not in reading(helper).get(reverse("members:board")).content.decode()


def test_only_its_author_changes_prolongs_solves_or_withdraws_a_notice() -> None:
    notice, other = make_notice(), make_member()
    now = timezone.now()
    with pytest.raises(NotAllowed):
        solve(notice, other)
    with pytest.raises(NotAllowed):
        notices.close_notice(notice=notice, by=other)
    with pytest.raises(NotAllowed):
        notices.prolong_notice(notice=notice, by=other, now=now)
    client = reading(other)
    assert client.get(reverse("members:edit_notice", args=[notice.slug])).status_code == 404
    client.post(reverse("members:close_notice", args=[notice.slug]))
    kept = Notice.objects.get()
    assert (kept.state, kept.expires_at) == (Notice.State.OPEN, notice.expires_at)


def test_a_reply_to_another_notice_helped_nobody_here() -> None:
    notice, elsewhere = make_notice(), make_notice("Un vélo")
    with pytest.raises(NotAllowed):
        solve(notice, notice.author, helped_by=reply(elsewhere, make_member()))
    assert Notice.objects.get(pk=notice.pk).state == Notice.State.OPEN


def test_the_author_is_reminded_once_before_the_end_and_again_after_prolonging() -> None:
    notice = make_notice()
    early, soon = (
        notice.expires_at - WARNED - timedelta(hours=1),
        notice.expires_at - WARNED + timedelta(hours=1),
    )
    assert notices.remind_due(early) == 0
    assert [notices.remind_due(soon), notices.remind_due(soon)] == [1, 0]
    assert Message.objects.filter(template="notices/expiring", to=notice.author.email).count() == 1
    longer = notices.prolong_notice(notice=notice, by=notice.author, now=soon)
    assert longer.expires_at == soon + LASTS
    assert notices.remind_due(longer.expires_at - timedelta(hours=1)) == 1
    assert Message.objects.filter(template="notices/expiring").count() == 2


def test_a_reminder_of_what_was_solved_meanwhile_is_dropped() -> None:
    notice = make_notice()
    Notice.objects.update(expires_at=timezone.now() + timedelta(days=1))
    notices.remind_due(timezone.now())
    solve(notice, notice.author)
    assert sent() == []


def test_a_report_reaches_the_manager_who_hides_with_a_reason_and_shows_again() -> None:
    author, reporter, manager = make_member(), make_member(), make_user(role="manager")
    notice = make_notice("Cryptomonnaie facile", author=author)
    make_place()
    for _twice in range(2):
        reading(reporter).post(
            reverse("members:report_notice", args=[notice.slug]), {"reason": "Une arnaque."}
        )
    assert Report.objects.count() == 1
    desk = reading(manager)
    assert "1 annonce signalée" in desk.get(reverse("admin:index")).content.decode()
    page = desk.get(f"{reverse('members:board')}?voir=signalees").content.decode()
    assert "Cryptomonnaie facile" in page
    assert "Une arnaque." in desk.get(notice.get_absolute_url()).content.decode()
    desk.post(reverse("members:hide_notice", args=[notice.slug]), {"reason": "Publicité."})
    assert reading(reporter).get(notice.get_absolute_url()).status_code == 404
    assert "Publicité." in reading(author).get(notice.get_absolute_url()).content.decode()
    assert "annonce signalée" not in desk.get(reverse("admin:index")).content.decode()
    assert sent() == [(author.email, "notices/hidden")]
    assert "Publicité." in mail.outbox[0].body
    desk.post(reverse("members:keep_notice", args=[notice.slug]))
    assert reading(reporter).get(notice.get_absolute_url()).status_code == 200


def test_nobody_but_the_manager_hides_or_reads_what_was_reported() -> None:
    notice, reader = make_notice(), make_member()
    notices.report_notice(notice=notice, by=make_member(), reason="Non.", now=timezone.now())
    client = reading(reader)
    assert client.post(reverse("members:hide_notice", args=[notice.slug]), {"reason": "x"}).status_code == 403
    assert "Non." not in client.get(notice.get_absolute_url()).content.decode()
    with pytest.raises(NotAllowed):
        notices.hide_notice(notice=notice, by=reader, reason="x", now=timezone.now())
    assert Notice.objects.get().hidden_at is None


def test_what_matches_me_is_what_i_can_do_and_what_i_look_for_of_others() -> None:
    me = make_profile("Inès Essai", skills=["Relecture", "Anglais"], looking_for="Une illustratrice").user
    for_me = make_notice("Relire deux pages en anglais")
    offered = make_notice("Des illustrations", kind="offer", body="À prix d’ami.")
    make_notice("Relire mon livre", author=me)
    make_notice("Un vélo", body="Pour aller à la gare.")
    make_notice("Relecture en anglais", kind="offer", body="Deux heures par semaine.")
    found = Notice.objects.matching(me, timezone.now())
    assert set(found) == {for_me, offered}
    assert list(Notice.objects.matching(make_member(), timezone.now())) == []
    assert for_me.title in reading(me).get(f"{reverse('members:board')}?voir=pour-moi").content.decode()


def test_the_board_is_searched_as_the_directory_is() -> None:
    make_notice("Relecture d’un dossier européen")
    make_notice("Un vélo cargo")
    page = reading(make_member()).get(f"{reverse('members:board')}?q=velo+cargot").content.decode()
    assert ("Un vélo cargo" in page, "européen" in page) == (True, False)


def test_nobody_floods_the_board(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "write_notice": "2/h/key"}
    client = reading(make_member())
    typed = {"kind": "offer", "title": "Des tartes", "body": "Aux pommes."}
    answers = [client.post(reverse("members:write_notice"), typed).status_code for _ in range(3)]
    assert answers == [302, 302, 422]
    assert Notice.objects.count() == 2


def test_what_is_kept_of_someone_is_handed_over_and_forgotten() -> None:
    gone, other = make_profile("Inès Essai", job="Relectrice").user, make_member()
    mine, theirs = make_notice("Mon annonce", author=gone), make_notice("Une autre", author=other)
    reply(theirs, gone, "Avec plaisir.")
    reply(mine, other)
    notices.report_notice(notice=theirs, by=gone, reason="Double.", now=timezone.now())
    told = directory_data.export_directory(gone)
    assert [row["title"] for row in told["notices"]] == ["Mon annonce"]
    assert [row["body"] for row in told["replies"]] == ["Avec plaisir."]
    assert [row["reason"] for row in told["reports"]] == ["Double."]
    assert told["profile"]["job"] == "Relectrice"
    for _twice in range(2):
        directory_data.erase_directory(gone)
    assert list(Notice.objects.all()) == [theirs]
    assert (Reply.objects.count(), Report.objects.count(), Profile.objects.count()) == (0, 0, 0)
