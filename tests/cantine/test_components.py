"""Fields, error pages, navigation and the style guide, as they are drawn."""

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import Http404
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings

from bookings.rental_layouts import LayoutSelect
from cantine.styleguide.views import styleguide
from cantine.templatetags.navigation import belongs


class SignForm(forms.Form):
    """A small form."""

    email = forms.EmailField(label="Adresse", help_text="Pour votre billet")
    project = forms.CharField(label="Projet", required=False)
    agree = forms.BooleanField(label="D’accord")


class ChoosingForm(forms.Form):
    """A list, boxes, and marks none of which stands for nothing."""

    country = forms.ChoiceField(choices=[("FR", "France")], required=False)
    layout = forms.ChoiceField(choices=[("", "—")], required=False, widget=LayoutSelect)
    mails = forms.MultipleChoiceField(
        choices=[("eve", "La veille")], required=False, widget=forms.CheckboxSelectMultiple
    )
    mark = forms.ChoiceField(choices=[("1", "1")], required=False, widget=forms.RadioSelect)


def test_a_field_names_its_hint_and_its_error() -> None:
    text = str(SignForm({"email": "camille"})["email"].as_field_group())
    assert 'aria-describedby="id_email_helptext id_email_error"' in text
    assert 'id="id_email_helptext"' in text
    assert 'id="id_email_error"' in text
    assert 'value="camille"' in text


def test_what_is_optional_is_said_in_words() -> None:
    form = SignForm()
    assert "(facultatif)" in str(form["project"].as_field_group())
    assert "(facultatif)" not in str(form["email"].as_field_group())


def test_where_something_is_to_be_chosen_nothing_is_called_optional() -> None:
    form = ChoosingForm()
    assert [name for name in form.fields if "(facultatif)" in str(form[name].as_field_group())] == ["mark"]


def test_a_refused_form_begins_with_a_summary_that_takes_the_focus() -> None:
    text = str(SignForm({"email": "camille"}))
    assert text.index("data-focus") < text.index("<input")
    assert "2 réponses sont à revoir" in text
    assert 'href="#id_email"' in text


def test_a_fresh_form_has_no_summary() -> None:
    assert "form-errors" not in str(SignForm())


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500", "503"])
def test_error_pages_need_no_request_and_say_the_next_step(name: str) -> None:
    text = get_template(f"{name}.html").render()
    assert "<h1>" in text
    assert 'href="/"' in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("path", "url", "inside"),
    [
        ("/", "/", True),
        ("/reserver/", "/", False),
        ("/rouen/reserver/2026-11-24/", "/reserver/", True),
        ("/moi/reservations/", "/moi/", True),
        ("/moi/reservations/", "/reserver/", False),
        ("/evenements/", "/evenements/", True),
    ],
)
def test_a_page_knows_its_section(path: str, url: str, inside: bool) -> None:
    assert belongs(path, url) is inside


def test_a_link_without_address_is_left_out() -> None:
    template = Template('{% load navigation %}{% nav_link "nowhere:at-all" "Nulle part" %}')
    assert template.render(Context()).strip() == ""


def test_pages_of_a_list_say_where_one_is() -> None:
    page = Paginator(range(148), 25).page(3)
    text = render_to_string("components/pagination.html", {"page": page, "query": "etat=passees&"})
    assert "51 à 75 sur 148" in text
    assert 'aria-current="page">3<' in text
    assert 'href="?etat=passees&amp;page=4"' in text


@override_settings(CANTINE_ENV="local")
def test_the_style_guide_shows_both_themes_on_a_developers_machine(rf: RequestFactory) -> None:
    request = rf.get("/styleguide/")
    request.user = AnonymousUser()
    text = styleguide(request).content.decode()
    assert 'data-theme="light"' in text
    assert 'data-theme="dark"' in text


@override_settings(CANTINE_ENV="production")
def test_the_style_guide_does_not_exist_elsewhere(rf: RequestFactory) -> None:
    with pytest.raises(Http404):
        styleguide(rf.get("/styleguide/"))


@pytest.mark.django_db
def test_no_page_carries_inline_script_or_style(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    text = render_to_string("home/visitor.html", {"card": [("a", "b", "c")], "events": []}, request=request)
    assert " style=" not in text
    assert "<style" not in text
    assert text.count("<script") == text.count("<script src") + text.count('<script type="module" src')
