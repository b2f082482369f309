"""Every page there is, looked at as someone who may open it; a new address is added here, or is no page."""

from decimal import Decimal
from functools import partial

import pytest
from django.contrib import admin
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page, Route

from billing.collecting.credits import credits_left
from billing.collecting.pausing import pause
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import Document, Payment
from billing.payments.services import start_checkout
from bookings.models import Booking
from bookings.services import closing
from bookings.services.freeing import cancel_booking
from cantine.gestion.urls import pages as own_pages
from cantine.mailbox import box
from members.models import User
from tests.browser import event_addresses, steps
from tests.browser.fixtures import DESKTOP, NewPage
from tests.browser.hands import work
from tests.browser.sweep import ONE, THREE, TWO, Ways, look_at
from tests.browser.world import House, make_house, make_long_named
from tests.factories.bookings import make_booking, make_confirmed
from tests.factories.members import make_user
from tests.factories.rentals import make_discount, make_draft, make_sent, make_won
from tests.fixtures_standin import Standin

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters")]
SOME = 6
"""Lists and records of an app in every run: of three models."""
LEGAL = ("accessibilite", "confidentialite", "cgv", "mentions-legales", "reglement-interieur")
VISITOR = {
    "home",
    "bookings:desks",
    "bookings:rooms",
    "bookings:rent_at",
    "bookings:rent_space",
    "bookings:rent_followed",
    "bookings:rent_withdraw",
    "bookings:rent_refuse",
    "bookings:rent_cancel",
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
    "members:page",
    "members:page_version",
    "styleguide",
    "mailbox:letters",
    "mailbox:letter",
}
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
    "account_email",
    "account_change_password",
    "account_set_password",
    "account_reauthenticate",
    "account_logout",
}
NO_PAGE = {
    "bookings:reserve",
    "bookings:reserve_at",
    "bookings:any_rooms",
    "bookings:ics",
    "bookings:rent",
    "bookings:rent_picture",
    "bookings:rent_accept",
    "bookings:rent_quote_pdf",
    "bookings:rent_price",
    "billing:document",
    "billing:cancel",
    "billing:webhook",
    "mailbox:html",
    "mailbox:file",
    "set_language",
    "healthz",
    "robots",
    "sitemap",
}
"""What redirects, downloads, or only takes a POST."""


ONLY_POSTED = {
    "arrive",
    "undo_arrival",
    "make_ready",
    "next_step",
    "repay",
    "refund_again",
    "send_again",
    "resolve",
    "lift_pause",
    "prepare_quote",
    "discard_quote",
    "quote_pdf",
}


@pytest.fixture
def house() -> House:
    return make_house()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    return new_page(**DESKTOP)


def swept(page: Page, addresses: list[str], *, ways: Ways = THREE) -> None:
    """Look at each, and say everything that is wrong at once."""
    problems = [
        problem
        for place, address in enumerate(addresses)
        for problem in look_at(page, address, ways=ways, frame=not place)
    ]
    assert problems == [], "\n" + "\n".join(problems)


def test_every_address_is_looked_at_by_someone_or_is_no_page() -> None:
    names: set[str] = set()
    for pattern in get_resolver().url_patterns:
        space = getattr(pattern, "namespace", None)
        for entry in [pattern] if isinstance(pattern, URLPattern) else pattern.url_patterns:
            if isinstance(entry, URLPattern) and space != "admin" and entry.name:
                names.add(f"{space}:{entry.name}" if space else entry.name)
    assert names == VISITOR | COWORKER | NO_PAGE | event_addresses.SEEN | event_addresses.NO_PAGE


def test_what_a_visitor_sees_of_the_place(page: Page, house: House) -> None:
    rooms = house.rooms("verger") + "&de=10:00&a=12:00"
    swept(page, ["/", house.desks(7), rooms, "/evenements/", "/styleguide/"])


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


def booked(house: House, user: User) -> tuple[Booking, Booking]:
    """A desk held, a room confirmed on invoice."""
    now = timezone.now()
    held = make_booking(space=house.desk(8), period=house.morning(), user=user, now=now)
    room = house.room("poirier")
    return held, make_confirmed(space=room, period=house.hours(14, 16), user=user, now=now)


def test_the_managers_own_pages(page: Page, house: House) -> None:
    user = make_long_named(name="Nour Essai")
    manager = make_user(role="manager")
    held, confirmed = booked(house, user)
    assert held.line
    steps.sign_in(page, manager)
    closure = closing.close(
        site=house.site,
        space=house.room("verger"),
        period=house.hours(9, 10),
        reason="Essai",
        by=manager,
        now=timezone.now(),
    )
    document = due(confirmed)
    objects = {
        "follow_up": document.pk,
        "credit": overpaid(document, manager).pk,
        "sell": held.customer_id,
        "cancel_booking": confirmed.pk,
        "take": held.line.order_id,
        "give_roles": user.pk,
        "reopen": closure.pk,
        **quoted(house),
        **won(house),
    }
    day = house.tomorrow
    asked = {
        "index": f"?jour={day}",
        "rentals": "?depuis=0",
        "day_sheet": f"?jour={day}",
        "search": "?q=Nour",
        "owed": "?etat=a-venir",
        "transfer": f"?montant=5&date={timezone.localdate()}&libelle={document.number}",
        "counter": "?qui=Nour",
        "sell": f"?site=rouen&jour={day}&sorte=desk&moment=morning&de=09:00&a=10:00",
        "close": f"?site=rouen&du={day}&au={day}&raison=Essai",
    }
    names = {each.name for each in own_pages(admin.site) if each.name} - ONLY_POSTED
    assert objects.keys() | asked.keys() | {"settings"} == names
    swept(
        page,
        [
            reverse(f"admin:{name}", args=[objects[name]] if name in objects else []) + asked.get(name, "")
            for name in sorted(names)
        ],
        ways=TWO,
    )


def due(booking: Booking) -> Document:
    """The invoice of a booking made on terms."""
    assert booking.line
    documents = Document.objects.with_balance().select_related("customer", "seller", "order")
    return documents.get(order=booking.line.order)


def overpaid(document: Document, manager: User) -> Payment:
    """Something kept for the customer of a document, which is paid in part; its letters are paused."""
    now = timezone.now()
    received = Received(document.seller, document.customer, Decimal("9.00"), now.date(), "VIR ESSAI")
    receive_transfer(received, [Part(Decimal("4.00"), document)], by=manager, now=now)
    pause(document=document, why="disputed", reason="Essai", until=None, by=manager, now=now)
    return credits_left().get()


def quoted(house: House) -> dict[str, int]:
    """A quote that holds the hall, and a draft that wants it too, with a discount to apply."""
    now, hours = timezone.now(), house.hours(14, 18)
    make_discount(house.site, "school", 10)
    sent = make_sent(house.site, now=now, period=hours)
    draft = make_draft(house.site, now=now, period=hours)
    return {
        "edit_quote": draft.quote_id,
        "withdraw_quote": sent.quote_id,
        "close_request": sent.request_id,
    }


def won(house: House) -> dict[str, int]:
    """A rental of the hall that was won, to be ended or cancelled."""
    rental = make_won(house.site, now=timezone.now(), period=house.hours(9, 11))
    return {"balance": rental.request_id, "cancel_rental": rental.request_id}


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


def test_the_payment_page_of_the_standin(page: Page, house: House, standin: Standin) -> None:
    user = make_long_named()
    held, _confirmed = booked(house, user)
    assert held.line
    session = start_checkout(order=held.line.order, by=user, now=timezone.now())
    swept(page, [session, f"{standin.base}/", f"{standin.base}/_control/"])


@pytest.mark.parametrize("most", [SOME, pytest.param(None, marks=pytest.mark.soak)], ids=["some", "all"])
@pytest.mark.parametrize("role", ["manager", "treasurer"])
@pytest.mark.parametrize("app", ["members", "billing", "bookings"])
def test_the_lists_and_records(page: Page, house: House, role: str, app: str, most: int | None) -> None:
    """Each model's list and first record, or a new one's form; the treasurer's where she differs.

    They are made from the same two templates: some are looked at in every run, all of them in the soak.
    """
    booked(house, make_long_named())
    user = make_user(role=role)
    steps.sign_in(page, user)
    seen = [*addresses_of(app, user)]
    if role == "treasurer":
        other = set(addresses_of(app, make_user(role="manager")))
        seen = [address for address in seen if address not in other]
    swept(page, seen[:2], ways=TWO)
    swept(page, seen[2:most], ways=ONE)


def addresses_of(app: str, user: User) -> list[str]:
    """The admin pages of an app that this person may open."""
    request = RequestFactory().get("/gestion/")
    request.user = user
    found = []
    for model, of_model in admin.site._registry.items():
        if model._meta.app_label != app or not of_model.has_view_permission(request):
            continue
        name = f"admin:{app}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        first = model._default_manager.first()
        if first:
            found.append(reverse(f"{name}_change", args=[first.pk]))
        elif of_model.has_add_permission(request):
            found.append(reverse(f"{name}_add"))  # the same form, empty
    return found
