"""Every page there is, looked at as someone who may open it; a new address is added here, or is no page."""

from functools import partial
from unittest.mock import create_autospec

import pytest
from django.template.loader import render_to_string
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page, Route

from billing.models import Document
from bookings.services.freeing import cancel_booking
from cantine.mailbox import box
from members.services.closing import close_account
from members.services.copying import ask_for_copy
from members.services.copying import make_due as make_copies
from members.services.reading import note_read
from tests.browser import event_addresses, steps
from tests.browser.hands import work
from tests.browser.sweep import ONE, TWO, look, look_at, swept
from tests.browser.world import House, booked, make_long_named
from tests.factories.bookings import make_confirmed
from tests.factories.ecosystem import make_known, make_sector, make_town
from tests.factories.members import PASSWORD, make_user
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]
LEGAL = ("accessibilite", "confidentialite", "cgv", "mentions-legales", "reglement-interieur")
VISITOR = {
    "home",
    "joining",
    "contact",
    "ecosystem",
    "open_data",
    "bookings:desks",
    "bookings:rooms",
    "bookings:rent_at",
    "bookings:rent_space",
    "bookings:rent_received",
    "bookings:rent_followed",
    "bookings:rent_withdraw",
    "bookings:rent_change",
    "bookings:rent_refuse",
    "bookings:rent_cancel",
    "bookings:rent_sheet",
    "bookings:rent_feedback",
    "events:agenda",
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
    "account_inactive",
    "members:take_back",
    "members:page",
    "members:page_version",
    "members:join",
    "members:unsubscribe",
    "styleguide",
    "mailbox:letters",
    "mailbox:letter",
}
SAFE = {
    "account_login",
    "first_password",
    "members:security",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "report",
    "funder_report",
}
"""In test_sweep_security.py."""
COWORKER = {
    "home",
    "bookings:desks",
    "bookings:rooms",
    "bookings:mine",
    "bookings:booking",
    "bookings:cancel",
    "billing:pay",
    "billing:return",
    "billing:documents",
    "billing:settle",
    "billing:address",
    "members:me",
    "members:confirm",
    "members:data",
    "members:close",
    "members:preferences",
    "members:rules",
    "members:organisations",
    "members:organisation",
    "members:person",
    "members:listing",
    "billing:found_organisation",
    "billing:organisation_address",
    "bookings:problems",
    "bookings:report",
    "bookings:report_space",
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "account_logout",
}
MEMBER = {
    "members:directory",
    "members:profile",
    "members:edit_profile",
    "members:board",
    "members:write_notice",
    "members:notice",
    "members:edit_notice",
    "members:solve_notice",
    "members:report_notice",
    "members:hide_notice",
}
"""Looked at in test_sweep_members.py."""
NO_PAGE = {
    "funder_report_pdf",
    "funder_report_csv",
    "members:end_others",
    "members:end_session",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "members:photo",
    "members:prolong_notice",
    "members:close_notice",
    "members:keep_notice",
    "bookings:reserve",
    "bookings:reserve_at",
    "bookings:any_rooms",
    "bookings:ics",
    "bookings:arrive",
    "bookings:problem_picture",
    "members:withdraw_invitation",
    "bookings:rent",
    "bookings:rent_picture",
    "bookings:rent_accept",
    "bookings:rent_quote_pdf",
    "bookings:rent_document",
    "bookings:rent_price",
    "bookings:rent_layouts",
    "billing:document",
    "billing:cancel",
    "billing:webhook",
    "members:ask_for_copy",
    "members:copy",
    "mailbox:html",
    "mailbox:file",
    "open_data_file",
    "set_language",
    "healthz",
    "readyz",
    "metrics",
    "favicon",
    "robots",
    "sitemap",
}
"""What redirects, downloads, or only takes a POST."""


def test_a_page_that_has_not_taken_on_the_width_was_not_looked_at() -> None:
    page = create_autospec(Page, instance=True)
    found = {"violations": [], "kinds": "", "width": 1280, "wide": "", "headings": 1, "language": "fr"}
    page.evaluate.return_value = found
    assert look(page, ways=(("light", 320),)) == ["measured at 1280, not at 320"]


def test_every_address_is_looked_at_by_someone_or_is_no_page() -> None:
    names: set[str] = set()
    for pattern in get_resolver().url_patterns:
        space = getattr(pattern, "namespace", None)
        for entry in [pattern] if isinstance(pattern, URLPattern) else pattern.url_patterns:
            if isinstance(entry, URLPattern) and space != "admin" and entry.name:
                names.add(f"{space}:{entry.name}" if space else entry.name)
    events = event_addresses.SEEN | event_addresses.NO_PAGE
    assert names == VISITOR | COWORKER | MEMBER | SAFE | NO_PAGE | events


def test_what_a_visitor_sees_of_the_place(page: Page, house: House) -> None:
    rooms = house.rooms("verger") + "&de=10:00&a=12:00"
    swept(page, ["/", "/rejoindre/", house.desks(7), rooms, "/evenements/", "/styleguide/"])


def test_what_a_visitor_sees_of_the_ecosystem(page: Page, house: House) -> None:
    town, sector = make_town("rouen", house.site.code), make_sector()
    for kind in ("startup", "school", "key_account", ""):
        name = f"Coopérative des Nuages bas et de leurs associés {kind}"
        make_known(name=name, listed=True, kind=kind, agglomeration=town, sector=sector, description="Essai.")
    swept(page, [reverse("ecosystem"), f"{reverse('ecosystem')}?q=rien", reverse("open_data")])


def test_what_a_visitor_reads(page: Page, house: House) -> None:
    swept(page, [*(f"/pages/{slug}/" for slug in LEGAL), "/pages/cgv/versions/1/"])


def test_the_way_in(page: Page, house: House) -> None:
    user = make_user(email="odile-entree@cantine.example")
    plain = ("account_login", "account_signup", "account_request_login_code", "account_reset_password")
    swept(page, [reverse(name) for name in (*plain, "account_inactive")])
    for name, code in (
        ("account_request_login_code", "account_confirm_login_code"),
        ("account_reset_password", "account_confirm_password_reset_code"),
    ):
        page.goto(reverse(name))
        page.get_by_label("Adresse électronique").fill(user.email)
        page.get_by_role("main").locator("form button").first.click()
        swept(page, [reverse(code)])
    steps.type_code(page, user.email)
    swept(page, [page.url, reverse("account_password_reset_completed")])
    page.context.clear_cookies()
    page.goto(reverse("account_signup"))
    page.get_by_label("Adresse électronique").fill("odile-nouvelle@cantine.example")
    page.get_by_label("Prénom et nom").fill("Odile Nouvelle")
    steps.button(page, "Créer mon compte").click()
    page.wait_for_url(reverse("account_email_verification_sent"))
    work()
    (letter,) = box.newest("odile-nouvelle")
    pages = [reverse("account_email_verification_sent"), "/courrier/", f"/courrier/{letter.name}/"]
    swept(page, pages)


def test_what_a_coworker_sees_of_bookings(page: Page, house: House, standin: Standin) -> None:
    user = make_long_named()
    steps.sign_in(page, user)
    swept(page, ["/", "/moi/reservations/"])
    held, confirmed = booked(house, user)
    assert held.line
    pay = f"/commandes/{held.line.order.public_id}"
    mine = "/moi/reservations"
    swept(
        page,
        [
            "/",
            house.desks(7),
            house.rooms("pommier") + "&de=10:00&a=12:00",
            f"{mine}/",
            f"{mine}/{confirmed.reference}/",
            f"{mine}/{confirmed.reference}/annuler/",
            f"{mine}/{held.reference}/",
            f"{pay}/payer/",
            f"{pay}/retour/",
        ],
    )


def test_what_a_coworker_sees_of_themself(page: Page, house: House) -> None:
    user = make_long_named()
    steps.sign_in(page, user)
    _held, confirmed = booked(house, user)
    cancel_booking(booking=confirmed, by=user, now=timezone.now())
    make_confirmed(space=house.room("verger"), period=house.hours(10, 12), user=user, now=timezone.now())
    left = Document.objects.unpaid().select_related("seller").get()
    swept(page, [reverse("billing:settle", args=[left.seller.code, left.number])])
    own = ("members:me", "billing:documents", "billing:address", "account_email", "account_change_password")
    swept(page, [reverse(name) for name in (*own, "account_reauthenticate", "account_logout")])
    user.set_unusable_password()
    user.save()
    steps.sign_in(page, user)
    swept(page, [reverse("account_set_password"), f"/moi/reservations/{confirmed.reference}/"])


def test_what_one_sees_of_ones_data_and_of_leaving(page: Page, house: House) -> None:
    user, now = make_long_named(), timezone.now()
    booked(house, user)
    note_read(reader=make_user(name="Maud Essai"), person_id=user.pk, page="/gestion/", now=now)
    ask_for_copy(user=user, now=now)
    steps.sign_in(page, user)
    page.goto(reverse("members:data"))
    page.get_by_label("Mot de passe").fill(PASSWORD)
    steps.button(page, "Confirmer").click()
    swept(page, [reverse("members:data"), reverse("members:close")])
    make_copies(now)
    swept(page, [reverse("members:data")], ways=TWO)
    leaving = make_user()
    leaving.set_unusable_password()
    leaving.save()
    steps.sign_in(page, leaving)
    swept(page, [reverse("members:confirm")])
    steps.button(page, "Recevoir un code").click()
    steps.type_code(page, leaving.email)
    swept(page, [reverse("members:close")])
    closing = close_account(user=leaving, typed=leaving.name, now=now)
    swept(page, [reverse("members:take_back", args=[closing.key])])


def test_what_goes_wrong(page: Page, house: House, console: list[str]) -> None:
    """Each error page: the ones that are asked for, and the templates of those that can\u2019t be."""
    steps.sign_in(page, make_long_named())
    problems = look_at(page, "/rien/", status=404) + look_at(page, "/gestion/recherche/", status=403)
    for name in ("400", "403_csrf", "429", "500", "503"):
        body = render_to_string(f"{name}.html", {"request": None})
        page.route("**/erreur/", partial(say, body=body))
        problems += [f"{name}: {each}" for each in look_at(page, "/erreur/")]
        page.unroute("**/erreur/")
    assert problems == [], "\n" + "\n".join(problems)
    assert [text for text in console if "404" not in text and "403" not in text] == []
    console.clear()  # the browser notes both statuses


def say(route: Route, *, body: str) -> None:
    """Answer with a page."""
    route.fulfill(body=body, content_type="text/html")


def test_a_colour_too_pale_is_found_once_for_texts_of_a_kind(page: Page) -> None:
    page.route("**/pale/", partial(say, body=PAGE % '<p><font color="#ccc">Pale</font></p>'))
    first, second = look_at(page, "/pale/", ways=ONE), look_at(page, "/pale/", ways=ONE)
    assert [each.split()[3] for each in first] == ["color-contrast"]
    assert second == []


def test_a_fault_of_each_kind_is_found_whichever_way_the_page_was_left(page: Page, swept_how: str) -> None:
    night = "dark 320" if swept_how == "phone" else "dark 1280"
    for content, said in FAULTS.items():
        problem = said.replace("night", night)
        page.route("**/faulty/", partial(say, body=PAGE % content))
        found = look_at(page, "/faulty/", ways=TWO)
        assert [each[: len(problem)] for each in found] == [problem]
        page.unroute("**/faulty/")
    assert any("leads to" in each for each in look_at(page, "/moi/reservations/", ways=ONE))


PAGE = """<!doctype html><html lang="fr"><title>Page</title>
<style>@media (prefers-color-scheme: dark) {
  body { background: #111; color: #eee } .night { color: #333 }
}</style>
<main><h1>Clear</h1>%s</main>"""
FAULTS = {
    '<p class="night">Not by night</p>': "/faulty/: night: color-contrast",
    "<input>": "/faulty/: light 1280: label",
    '<p><input type="text" aria-label="Wide" size="90"></p>': "/faulty/: scrolls sideways at 320",
    '<section aria-label="Two"><h1>Second</h1></section>': "/faulty/: 2 h1",
    '<img src="data:," width="9" height="9">': "/faulty/: light 1280: image-alt",
}
