"""What is wrong with a space: reported from where it is seen, taken in hand, solved, and told."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from bookings.album import PROBLEMS
from bookings.errors_day import SolvedAlready
from bookings.models import Problem
from bookings.services.problems import report_problem, solve_problem, take_problem
from members.errors import NotAllowed
from members.models import User
from tests.browser.hands import work
from tests.factories.members import make_user
from tests.factories.places import Place, make_place

pytestmark = pytest.mark.django_db
SAID = {"kind": "broken", "words": "La chaise penche."}


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def manager() -> User:
    return make_user(role="manager")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def reported(place: Place, by: User) -> Problem:
    return report_problem(
        site=place.site, space=place.desk(1), by=by, now=timezone.now(), kind="broken", words=SAID["words"]
    )


def photo() -> SimpleUploadedFile:
    """A picture with something to hide in its metadata."""
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "chez moi"
    Image.new("RGB", (40, 30), "red").save(written, "JPEG", exif=exif)
    return SimpleUploadedFile("photo.jpg", written.getvalue(), "image/jpeg")


def test_the_code_of_a_desk_leads_to_a_form_about_that_desk(place: Place, manager: User) -> None:
    at = reverse("bookings:report_space", args=[place.site.code, "poste-1"])
    assert Client().get(at).url == f"/compte/connexion/?next={at}"  # type: ignore[attr-defined]  # a redirect's
    person = make_user()
    client = signed_in(person)
    assertContains(client.get(at), '<option value="poste-1" selected>')
    answer = client.post(at, {"space": "poste-1", **SAID})
    assertRedirects(answer, reverse("bookings:problems"))
    problem = Problem.objects.get()
    assert (problem.space, problem.state, problem.reported_by) == (place.desk(1), "open", person)
    work()
    assert [letter.to for letter in mail.outbox] == [[manager.email]]
    assert "La chaise penche." in mail.outbox[0].body


def test_a_photo_is_drawn_anew_and_seen_by_those_two_only(place: Place, manager: User) -> None:
    person = make_user()
    at = reverse("bookings:report", args=[place.site.code])
    tried = signed_in(person).post(at, {"kind": "broken", "words": " ", "picture": photo()})
    assert tried.status_code == 422
    ticket = tried.context["form"].picture_ticket
    signed_in(person).post(at, {**SAID, "kept_picture": ticket})
    problem = Problem.objects.get()
    with PROBLEMS.open(problem.picture_large) as file:
        assert b"chez moi" not in file.read()
    address = reverse("bookings:problem_picture", args=[problem.picture_small])
    found = {
        who: signed_in(user).get(address).status_code
        for who, user in (("reporter", person), ("manager", manager), ("other", make_user()))
    }
    assert found == {"reporter": 200, "manager": 200, "other": 404}
    assert PROBLEMS.drop_unused(Problem.objects.names(), now=timezone.now() + timedelta(days=9)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"kind": "magic"},
        {"space": "poste-99"},
        {"picture": SimpleUploadedFile("x.svg", b"<svg onload='x'/>")},
    ],
)
def test_what_cannot_be_taken_down_is_refused(place: Place, wrong: dict[str, object]) -> None:
    at = reverse("bookings:report", args=[place.site.code])
    answer = signed_in(make_user()).post(at, SAID | wrong)
    assert (answer.status_code, Problem.objects.count()) == (422, 0)


def test_it_is_taken_in_hand_then_solved_and_told_once(place: Place, manager: User) -> None:
    person, other = make_user(), make_user(role="manager")
    problem = reported(place, person)
    take_problem(problem=problem, by=manager, now=timezone.now())
    assert take_problem(problem=problem, by=other, now=timezone.now()).handled_by == manager
    solve_problem(problem=problem, answer="Pied changé.", by=manager, now=timezone.now())
    with pytest.raises(SolvedAlready):
        solve_problem(problem=problem, answer="Encore.", by=other, now=timezone.now())
    with pytest.raises(SolvedAlready):
        take_problem(problem=problem, by=other, now=timezone.now())
    work()
    told = [letter for letter in mail.outbox if letter.to == [person.email]]
    assert len(told) == 1
    assert "Pied changé." in told[0].body
    page = signed_in(person).get(reverse("bookings:problems"))
    assertContains(page, "Pied changé.")
    assertContains(page, "résolu")


def test_nobody_else_handles_or_reads_it(place: Place) -> None:
    person, treasurer = make_user(), make_user(role="treasurer")
    problem = reported(place, person)
    for by in (person, treasurer, make_user(role="volunteer")):
        with pytest.raises(NotAllowed):
            solve_problem(problem=problem, answer="", by=by, now=timezone.now())
        assert signed_in(by).post(reverse("admin:take_problem", args=[problem.pk])).status_code == 403
    assertNotContains(signed_in(make_user()).get(reverse("bookings:problems")), "La chaise penche.")
    problem.refresh_from_db()
    assert problem.state == "open"


def test_the_manager_finds_it_solves_it_and_takes_the_desk_out_of_service(
    place: Place, manager: User
) -> None:
    problem, client = reported(place, make_user()), signed_in(manager)
    assertContains(client.get(reverse("admin:index")), "1 problème signalé")
    record = reverse("admin:bookings_problem_change", args=[problem.pk])
    page = client.get(record)
    close = f"{reverse('admin:close')}?site=essai&amp;espace={place.desk(1).pk}&amp;"
    assertContains(page, close)
    assertRedirects(client.post(reverse("admin:take_problem", args=[problem.pk])), record)
    assertNotContains(client.get(reverse("admin:index")), "1 problème signalé")
    solve = reverse("admin:solve_problem", args=[problem.pk])
    assertContains(client.get(solve), "La chaise penche.")
    assertRedirects(client.post(solve, {"answer": "Merci."}), record)
    problem.refresh_from_db()
    assert (problem.state, problem.answer) == ("solved", "Merci.")
    assertNotContains(client.get(record), "Mettre hors service")


def test_the_sheet_has_a_code_for_each_space(place: Place, manager: User) -> None:
    page = signed_in(manager).get(reverse("admin:labels"))
    assertContains(page, "<svg viewBox", count=place.site.spaces.count())
    assertContains(page, "Salle Pommier")
