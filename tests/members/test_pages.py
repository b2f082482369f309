"""Legal pages: dated, versioned, in two languages, with what they lack plainly marked."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.checks import pages_are_complete
from members.legal_pages import LANGUAGES, SLUGS, read, seed
from members.markdown import placeholders, to_html
from members.models import Page

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _pages(db: None) -> None:
    """Write the first versions; the migration's are gone after a test that flushed the database."""
    seed(Page, date(2026, 11, 24))


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_is_there_in_each_language(client: Client, slug: str, language: str) -> None:
    Page.objects.update(valid_from=TODAY)
    client.cookies["django_language"] = language
    shown = client.get(reverse("members:page", args=[slug])).content.decode()
    title, _ = read(slug, language)
    assert title in shown
    assert "Version 1" in shown
    assert f'<html lang="{language}">' in shown


def new_version(**fields: object) -> Page:
    made = {"slug": "cgv", "language": "fr", "version": 2, "title": "Nouvelles conditions", "body": "Neuf."}
    return Page.objects.create(**{**made, "valid_from": TODAY, **fields})


def test_shows_the_newest_version_and_keeps_the_older_ones_within_reach(client: Client) -> None:
    Page.objects.update(valid_from=TODAY - timedelta(days=1))
    new_version()
    shown = client.get(reverse("members:page", args=["cgv"])).content.decode()
    assert "Nouvelles conditions" in shown
    older = reverse("members:page_version", args=["cgv", 1])
    assert older in shown
    assert "n’est plus en vigueur" in client.get(older).content.decode()


def test_a_version_to_come_is_not_shown(client: Client) -> None:
    Page.objects.update(valid_from=TODAY)
    new_version(valid_from=TODAY + timedelta(days=1))
    assert "Nouvelles" not in client.get(reverse("members:page", args=["cgv"])).content.decode()
    assert client.get(reverse("members:page_version", args=["cgv", 2])).status_code == 404


def test_an_unknown_page_is_a_404(client: Client) -> None:
    assert client.get(reverse("members:page", args=["inconnue"])).status_code == 404


def test_markdown_cannot_carry_script() -> None:
    written = (
        '<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![y](http://z.example/y.png "t")\n\n# Fort'
    )
    html = to_html(written)
    assert "<script" not in html
    assert "javascript:" not in html.replace("[x](javascript:alert(1))", "")
    assert "<img" not in html
    assert "href" not in html


def test_marks_what_is_still_lacking() -> None:
    assert "<mark>[À COMPLÉTER : adresse]</mark>" in to_html("Siège : [À COMPLÉTER : adresse]")
    assert placeholders("[TO BE COMPLETED: address] and [a link](/x)") == ["[TO BE COMPLETED: address]"]


def test_the_deployment_check_warns_of_what_is_lacking_with_a_database_only() -> None:
    assert pages_are_complete(None, databases=None) == []
    warned = pages_are_complete(None, databases=["default"])
    assert {warning.id for warning in warned} == {"members.W001"}
    assert any("cgv" in warning.msg and "médiateur" in warning.msg for warning in warned)
    found = run_checks(tags=["database"], include_deployment_checks=True, databases=["default"])
    assert "members.W001" in {message.id for message in found}


def test_the_check_looks_at_the_newest_versions_only() -> None:
    for slug in SLUGS:
        for language in LANGUAGES:
            new_version(slug=slug, language=language, version=2)
    assert pages_are_complete(None, databases=["default"]) == []


def test_terms_that_came_without_renting_have_a_version_with_it_and_ones_own_stay() -> None:
    migration = import_module("members.migrations.0010_terms_of_renting")
    with_renting = {language: read("cgv", language)[1] for language in LANGUAGES}
    heading = {"fr": ("## Louer un espace", "## Droit de"), "en": ("## Renting a space", "## Right of")}
    for language, (start, end) in heading.items():
        body = with_renting[language]
        before = body[: body.index(start)] + body[body.index(end) :]
        Page.objects.filter(slug="cgv", language=language).update(body=before)
    migration.write_versions(apps, None)
    migration.write_versions(apps, None)
    for language, body in with_renting.items():
        versions = Page.objects.filter(slug="cgv", language=language).order_by("version")
        assert [page.version for page in versions] == [1, 2]
        assert versions[1].body == body
    Page.objects.filter(slug="cgv", version=2).delete()
    Page.objects.filter(slug="cgv").update(body="Les nôtres.")
    migration.write_versions(apps, None)
    assert not Page.objects.filter(slug="cgv", version=2).exists()
