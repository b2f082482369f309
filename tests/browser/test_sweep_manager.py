"""The manager's own pages, and the lists and records of her desk and the treasurer's."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from billing.collecting.pausing import pause
from billing.collecting.transfers import Part, Received, receive_transfer
from billing.models import Correction, Document, Payment, TillClosing
from billing.payments.keeping import credits_left
from billing.settlement.correcting import correct_document
from billing.settlement.services import take_at_desk
from billing.till.archiving import make_archive
from billing.till.closing import close_day
from billing.till.drawer import count_cash
from bookings.models import Booking, Problem
from bookings.services import closing
from bookings.services.problems import report_problem
from bookings.services.rentals.changing import Wanted, ask_change
from cantine.gestion.urls import pages as own_pages
from cantine.importing.models import Import
from cantine.importing.services import read_table
from members.models import User
from tests.browser import steps
from tests.browser.reporting import reported_on
from tests.browser.sweep import ONE, TWO, swept
from tests.browser.world import House, booked, make_long_named
from tests.factories.billing import make_order
from tests.factories.bookings import make_booking
from tests.factories.ecosystem import make_known, make_town
from tests.factories.members import make_user
from tests.factories.payouts import make_dispute, make_payout
from tests.factories.remittances import make_remittance
from tests.factories.rentals import make_discount, make_draft, make_sent, make_won

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("letters", "swept_how")]
ELSEWHERE = {"balance", "cancel_rental", "day_sheet", "rental_day", "rentals"}
"""How a rental ends, and its day: test_sweep_rentals.py; the full list and sheet: test_sweep_pipeline.py."""
# Those that only take a form; refusing a refund is the treasurer's (test_sweep_security.py).
ONLY_POSTED = {
    "attendance_csv",
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
    "approve_refund",
    "refuse_refund",
    "revoke_report_link",
    "take_problem",
    "deal_with",
    "send_trial",
    "import_model",
    "confirm_import",
    "drop_import",
    "payouts_table",
    "payout_table",
    "match_payout",
    "pilotage_csv",
    "report_pdf",
    "report_csv",
    "ecosystem_csv",
    "move_cash",
    "archive_till",
    "till_archive",
    "withdraw_remittance",
    "withdraw_write_off",
    "remit_past",
}
LONG_NAME = "Coopérative des Nuages bas, des Marées hautes et de leurs associés"
SOME = 4
"""Lists and records of an app in every run: of two models."""


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
        "credit_document": document.pk,
        "use_credit_note": credited(house, user, manager).pk,
        "credit": overpaid(document, manager).pk,
        "sell": held.customer_id,
        "cancel_booking": confirmed.pk,
        "take": held.line.order_id,
        "give_roles": user.pk,
        "reopen": closure.pk,
        "solve_problem": reported(house, user).pk,
        "import": table_sent(manager).pk,
        "payout": make_payout(manager).pk,
        "dispute": make_dispute().pk,
        "pilotage_month": f"{timezone.localdate():%Y-%m}",
        "agreement": make_known(name=LONG_NAME, agglomeration=make_town()).organisation_id,
        "till_closing": till_closed(house, manager),
        "cash_count": house.site.code,
        "remittance": make_remittance(
            make_order(seller=house.site.seller, now=timezone.now()), by=manager, now=timezone.now()
        ).pk,
        "report_issued": reported_on(house, manager),
        **quoted(house),
        **won(house),
    }
    day = house.tomorrow
    asked = {
        "index": f"?jour={day}",
        "pilotage": "?quoi=desks&pour_cent=10",
        "search": "?q=Nour",
        "owed": "?etat=a-venir",
        "report_preview": f"?site={house.site.code}&periode={day.year - 1}",
        "report_issue": f"?site={house.site.code}&periode={day.year - 1}",
        "accounts_vat": "?taux=20.00",
        "accounts_revenue": "?rubrique=postes",
        "transfer": f"?montant=5&date={timezone.localdate()}&libelle={document.number}",
        "counter": "?qui=Nour",
        "sell": f"?site=rouen&jour={day}&sorte=desk&moment=morning&de=09:00&a=10:00",
        "close": f"?site=rouen&du={day}&au={day}&raison=Essai",
    }
    names = {each.name for each in own_pages(admin.site) if each.name} - ONLY_POSTED - ELSEWHERE
    others = {"settings", "report_links", "labels", "checklist", "imports", "payouts", "french_tech"}
    others |= {"reports"}
    others |= {"accounts", "accounts_entries", "accounts_receivables", "accounts_fec"}
    others |= {"attendance", "attendance_spaces"}
    others |= {"till", "till_closings", "till_archives", "till_log", "remittances", "transit"}
    assert objects.keys() | asked.keys() | others == names
    swept(
        page,
        [
            reverse(f"admin:{name}", args=[objects[name]] if name in objects else []) + asked.get(name, "")
            for name in sorted(names)
        ],
        ways=TWO,
    )


def reported(house: House, user: User) -> Problem:
    """Something that is wrong with a desk."""
    return report_problem(
        site=house.site,
        space=house.desk(7),
        kind="broken",
        words="La chaise penche.",
        by=user,
        now=timezone.now(),
    )


def till_closed(house: House, manager: User) -> int:
    """A day of the till, closed and archived; and a drawer that was counted twice."""
    close_day(seller=house.site.seller, now=timezone.now() + timedelta(days=1))
    closing_ = TillClosing.objects.filter(seller=house.site.seller).latest("pk")
    make_archive(closing=closing_, by=manager, now=timezone.now())
    for counted in ("80.00", "79.50"):
        count_cash(
            seller=house.site.seller,
            site_code=house.site.code,
            counted=Decimal(counted),
            by=manager,
            now=timezone.now(),
        )
    return closing_.pk


def table_sent(manager: User) -> Import:
    """A table of people, of which two rows are wrong."""
    text = "email;nom\nines@cantine.example;Inès Essai\npas-une-adresse;Personne\n;Sans adresse\n"
    return read_table(
        kind="people",
        site=None,
        content=text.encode(),
        file_name="membres-2026.csv",
        by=manager,
        now=timezone.now(),
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


def credited(house: House, user: User, manager: User) -> Correction:
    """A desk that was paid and then credited; what it cost is kept."""
    now = timezone.now()
    line = make_booking(space=house.desk(9), period=house.morning(), user=user, now=now).line
    assert line is not None
    take_at_desk(order=line.order, method=Payment.Method.CASH, by=manager, now=now)
    document = line.order.documents.get()
    whole = {each: each.amount_incl for each in document.lines.all()}
    correct_document(document=document, credits_=whole, reason="Essai", by=manager, now=now, keep=True)
    return Correction.objects.get()


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
    """A rental of the hall that was won, to be changed or invoiced to someone else."""
    rental = make_won(house.site, now=timezone.now(), period=house.hours(9, 11))
    ask_change(request=rental.request, wanted=Wanted(people=12, words=LONG_NAME), now=timezone.now())
    return dict.fromkeys(("answer_change", "rental_buyer"), rental.request_id)


@pytest.mark.parametrize("most", [SOME, pytest.param(None, marks=pytest.mark.soak)], ids=["some", "all"])
@pytest.mark.parametrize("app", ["members", "billing", "bookings"])
def test_the_lists_and_records(page: Page, house: House, app: str, most: int | None) -> None:
    """Each model's list and first record, or a new one's form; the treasurer's where she sees more.

    They are made from the same two templates: some are looked at in every run, all of them in the soak.
    """
    booked(house, make_long_named())
    manager, treasurer = make_user(role="manager"), make_user(role="treasurer")
    seen = addresses_of(app, manager)
    steps.sign_in(page, manager)
    swept(page, seen[:2], ways=TWO)
    swept(page, seen[2:most], ways=ONE)
    steps.sign_in(page, treasurer)
    swept(page, [each for each in addresses_of(app, treasurer) if each not in seen][:most], ways=ONE)


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
