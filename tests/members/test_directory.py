"""The members' directory: who is in it, what is read there, and who reads."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from members.models import Notice, Profile, User
from members.models.searching import forgiving, words_of
from members.services.people import change_person
from tests.factories.members import make_membership, make_organisation, make_superuser, make_user
from tests.factories.notices import make_member, make_notice, make_profile

pytestmark = pytest.mark.django_db


def reading(user: User) -> Client:
    """Someone's browser."""
    client = Client()
    client.force_login(user)
    return client


def found(words: str) -> list[str]:
    """The names that a search finds, in its order."""
    with forgiving():
        rows = Profile.objects.listed(timezone.localdate()).searched(
            words_of(words), then=("sort_name", "id")
        )
        return [row.name for row in rows]


FORGIVEN = (
    ("helene", "Hélène Bréauté"),
    ("HÉLÈNE breaute", "Hélène Bréauté"),
    ("developeur", "Gaspard Toutain"),
    ("graphsite", "Hélène Bréauté"),
    ("développements", "Gaspard Toutain"),
    ("le graphisme d’Hélène", "Hélène Bréauté"),
    ("coeur", "Odile Hautot"),
)


def test_a_search_forgives_accents_typing_errors_and_endings() -> None:
    make_profile("Hélène Bréauté", job="Graphiste", skills=["Graphisme", "Illustration"])
    make_profile("Gaspard Toutain", job="Développeur web", skills=["Développement"])
    make_profile("Odile Hautot", about="Du cœur à l’ouvrage")
    for typed, name in FORGIVEN:
        assert (typed, found(typed)[:1]) == (typed, [name])


def test_finds_nobody_for_what_nobody_wrote_and_everybody_by_name_for_nothing() -> None:
    for name in ("Zoé Essai", "Élodie Essai", "Adèle Essai"):
        make_profile(name)
    assert found("plomberie") == []
    assert found("") == ["Adèle Essai", "Élodie Essai", "Zoé Essai"]


def test_what_is_kept_from_the_others_is_neither_read_nor_found() -> None:
    kept: dict[str, Any] = {"skills": ["Broderie"], "about": "Vit à Elbeuf", "looking_for": "Un fil"}
    shy = make_profile("Nour Essai", shown=["job"], job="Traductrice", **kept)
    page = reading(make_member()).get(shy.get_absolute_url()).content.decode()
    assert "Traductrice" in page
    assert not any(word in page for word in ("Broderie", "Elbeuf", "Un fil", shy.user.email))
    assert found("traductrice") == ["Nour Essai"]
    assert found("broderie") == found("elbeuf") == []
    listed = (
        reading(make_member()).get(reverse("members:directory") + "?competence=broderie").content.decode()
    )
    assert "Nour Essai" not in listed


def test_an_address_is_read_only_where_its_owner_says_so() -> None:
    told = make_profile("Nour Essai", shown=["email"])
    assert told.user.email in reading(make_member()).get(told.get_absolute_url()).content.decode()


def test_nobody_is_listed_who_did_not_ask_to() -> None:
    assert not Profile.objects.filter(user=make_member()).exists()
    user = make_member(name="Nour Essai")
    client = reading(user)
    client.post(reverse("members:edit_profile"), {"job": "Traductrice", "shown": ["job"]})
    assert not Profile.objects.get(user=user).is_listed
    assert found("traductrice") == []


def test_who_opts_out_vanishes_at_once_from_list_page_photo_and_notices(
    settings: Settings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    user, reader = make_member(name="Nour Essai"), make_member()
    mine, theirs = reading(user), reading(reader)
    sent = {"is_listed": "on", "shown": ["job", "photo"], "job": "Traductrice", "photo": picture()}
    mine.post(reverse("members:edit_profile"), sent)
    profile = Profile.objects.get(user=user)
    notice = make_notice(author=user)
    board, photo = reverse("members:board"), reverse("members:photo", args=[profile.photo_small])
    pages = [reverse("members:directory"), board, notice.get_absolute_url()]
    assert all("Nour Essai" in theirs.get(page).content.decode() for page in pages)
    assert theirs.get(photo).status_code == 200
    mine.post(reverse("members:edit_profile"), {"shown": ["job", "photo"], "job": "Traductrice"})
    assert not any("Nour Essai" in theirs.get(page).content.decode() for page in pages)
    assert "Un membre" in theirs.get(board).content.decode()
    assert theirs.get(profile.get_absolute_url()).status_code == theirs.get(photo).status_code == 404
    assert mine.get(profile.get_absolute_url()).status_code == mine.get(photo).status_code == 200


def picture() -> "ContentFile[bytes]":
    """A photo that tells where it was taken."""
    image, written = Image.new("RGB", (900, 600), "#0B5A63"), BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    image.save(written, "JPEG", exif=exif)
    return ContentFile(written.getvalue(), name="moi.jpg")


def test_a_photo_is_cut_square_and_stripped_of_what_it_tells(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    user = make_member(name="Nour Essai")
    reading(user).post(
        reverse("members:edit_profile"), {"is_listed": "on", "shown": ["photo"], "photo": picture()}
    )
    profile = Profile.objects.get(user=user)
    answer = reading(make_member()).get(reverse("members:photo", args=[profile.photo]))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with Image.open(BytesIO(content)) as image:
        assert image.size == (640, 640)
    assert b"secret place" not in content
    assert answer["Cache-Control"] == "private, no-store"


def test_whoever_is_no_member_reads_nothing_and_is_not_read() -> None:
    day = timezone.localdate()
    former = make_profile("Nour Essai")
    former.user.memberships.update(valid_to=day - timedelta(days=1))
    shown = make_profile("Odile Essai")
    for page in (reverse("members:directory"), reverse("members:board"), shown.get_absolute_url()):
        answer = reading(former.user).get(page)
        assert answer.status_code == 403
        assert "Odile Essai" not in answer.content.decode()
    assert found("essai") == ["Odile Essai"]
    shown.user.is_active = False
    shown.user.save()
    assert found("essai") == []


def test_members_by_their_organisation_and_who_runs_the_place_read_it() -> None:
    member = make_user()
    make_membership(organisation=make_organisation(member), valid_from=date(2020, 1, 1))
    for user in (member, make_user(role="manager"), make_user(role="treasurer"), make_superuser()):
        assert reading(user).get(reverse("members:directory")).status_code == 200
    for user in (make_user(), make_user(role="volunteer")):
        assert reading(user).get(reverse("members:directory")).status_code == 403


def test_a_name_that_changes_changes_in_the_directory_whoever_changes_it() -> None:
    profile = make_profile("Nour Essai")
    change_person(user=profile.user, name="Nour Autrement", language="fr")
    assert found("autrement") == ["Nour Autrement"]
    User.objects.filter(pk=profile.user_id).update(name="")
    assert found("nour") == []


def test_filters_are_links_that_say_what_is_on() -> None:
    make_profile("Nour Essai", skills=["Développement", "Python"], looking_for="Un associé")
    make_profile("Odile Essai", skills=["developpement"])
    client = reading(make_member())
    page = client.get(reverse("members:directory")).content.decode()
    assert "?competence=developpement" in page
    python = client.get(reverse("members:directory") + "?competence=Python").content.decode()
    assert ("Nour Essai" in python, "Odile Essai" in python) == (True, False)
    looking = client.get(reverse("members:directory") + "?qui=cherche").content.decode()
    assert ("Nour Essai" in looking, "Odile Essai" in looking) == (True, False)


def queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", ["/membres/?q=essai", "/entraide/"])
def test_a_longer_list_asks_for_no_more_queries(page: str) -> None:
    client = reading(make_member())
    for number in range(2):
        profile = make_profile(f"Essai {number}", skills=["Python"])
        make_notice(author=profile.user, kind="seek")
    few = queries(client, page)
    for number in range(12):
        profile = make_profile(f"Essai bis {number}", skills=[f"Python {number}"])
        make_notice(author=profile.user, kind="offer")
    assert queries(client, page) == few
    assert Notice.objects.count() == 14


def test_what_does_not_fit_is_refused_and_nothing_is_kept() -> None:
    client = reading(make_member())
    unfit: tuple[tuple[str, Any], ...] = (
        ("website", "javascript:alert(1)"),
        ("skills", ", ".join(f"mot {number}" for number in range(13))),
        ("skills", "x" * 60),
        ("shown", ["password"]),
    )
    for field, typed in unfit:
        answer = client.post(reverse("members:edit_profile"), {field: typed})
        assert (field, answer.status_code) == (field, 422)
        assert field in answer.context["form"].errors
    assert not Profile.objects.exists()
