"""« Reprise de fichiers » and « Mise en service » in /gestion/."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from cantine.importing.models import Import
from cantine.importing.services import KINDS
from members.models import Message, User
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db
TABLE = "email;nom\nines@cantine.example;Inès Essai\npas-une-adresse;Personne\n"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(role="manager"))
    return client


def send(desk: Client, text: str, kind: str = "people") -> object:
    file = SimpleUploadedFile("membres.csv", text.encode("cp1252"))
    return desk.post(reverse("admin:imports"), {"sorte": kind, "fichier": file}, follow=True)


def test_a_table_is_previewed_then_taken_over(desk: Client) -> None:
    page = send(desk, TABLE).content.decode()  # type: ignore[attr-defined]
    assert "Rien n’est encore écrit." in page
    assert "Cette adresse électronique ne convient pas." in page
    assert not User.objects.filter(name="Inès Essai").exists()
    job = Import.objects.get()
    done = desk.post(reverse("admin:confirm_import", args=[job.pk]), follow=True).content.decode()
    assert "C’est fait." in done
    assert User.objects.filter(name="Inès Essai").exists()


def test_a_table_without_its_column_is_refused_at_its_field(desk: Client) -> None:
    page = send(desk, "nom\nInès\n")
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert "Il manque une colonne" in page.content.decode()  # type: ignore[attr-defined]
    assert not Import.objects.exists()


def test_a_long_table_waits_for_the_worker(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cantine.importing.services.AT_ONCE", 1)
    send(desk, TABLE)
    job = Import.objects.get()
    page = desk.post(reverse("admin:confirm_import", args=[job.pk]), follow=True).content.decode()
    assert "0 lignes sur 2" in page.replace("\u00a0", " ")


def test_bookings_need_their_site(desk: Client) -> None:
    page = send(desk, TABLE, "bookings").content.decode()  # type: ignore[attr-defined]
    assert "Dites de quel site." in page


@pytest.mark.parametrize("kind", Import.Kind.values)
def test_a_model_is_read_as_it_is_handed_out(desk: Client, kind: str) -> None:
    content = desk.get(reverse("admin:import_model", args=[kind])).content
    assert content.startswith(b"\xef\xbb\xbf")
    assert KINDS[kind].COLUMNS[0].heading in content.decode()


def test_the_list_of_what_is_missing_links_to_where_it_is_mended(desk: Client) -> None:
    page = desk.get(reverse("admin:checklist")).content.decode()
    assert "Il reste" in page
    assert reverse("admin:billing_seller_changelist") in page
    desk.post(reverse("admin:send_trial"))
    assert Message.objects.get().template == "setup/trial"
