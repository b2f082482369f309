"""A manager of one site can neither see nor infer another's: object by object, from the views themselves."""

import re
from collections.abc import Iterator, Sequence

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.admin import site
from django.db import transaction
from django.db.models import Model
from django.urls import URLPattern, URLResolver, reverse

from billing.customers import customer_for
from billing.models import (
    Anomaly,
    Correction,
    Customer,
    Document,
    DunningPause,
    Order,
    Payment,
    Quote,
    Refund,
    Remittance,
    TillArchive,
    TillClosing,
)
from bookings.models import (
    Booking,
    Closure,
    ContactMessage,
    Problem,
    RentalRequest,
    StaffSite,
)
from bookings.services import staffing
from bookings.services.closing import reopen
from bookings.services.freeing import cancel_booking
from cantine.gestion import counts
from cantine.models import FrozenReport, ReportLink
from cantine.roles import take_role
from events.models import Event
from members.errors import NotAllowed
from members.models import Membership, Message, Organisation, User
from tests.cantine.reach import world
from tests.cantine.reach.conftest import Two, name_of, signed_in
from tests.factories.members import make_membership, make_user

pytestmark = pytest.mark.django_db

OBJECTS: dict[str, type[Model]] = {
    "reopen": Closure,
    "arrive": Booking,
    "undo_arrival": Booking,
    "make_ready": Booking,
    "cancel_booking": Booking,
    "next_step": RentalRequest,
    "prepare_quote": RentalRequest,
    "close_request": RentalRequest,
    "rental_buyer": RentalRequest,
    "rental_day": RentalRequest,
    "balance": RentalRequest,
    "answer_change": RentalRequest,
    "cancel_rental": RentalRequest,
    "take_problem": Problem,
    "solve_problem": Problem,
    "deal_with": ContactMessage,
    "edit_quote": Quote,
    "withdraw_quote": Quote,
    "discard_quote": Quote,
    "quote_pdf": Quote,
    "take": Order,
    "follow_up": Document,
    "credit_document": Document,
    "use_credit_note": Correction,
    "lift_pause": DunningPause,
    "credit": Payment,
    "repay": Refund,
    "refund_again": Refund,
    "approve_refund": Refund,
    "refuse_refund": Refund,
    "give_roles": User,
    "send_again": Message,
    "resolve": Anomaly,
    "revoke_report_link": ReportLink,
    "report_pdf": FrozenReport,
    "report_csv": FrozenReport,
    "report_issued": FrozenReport,
    "agreement": Organisation,
    "sell": Customer,
    "billing_document_pdf": Document,
    "till_closing": TillClosing,
    "archive_till": TillClosing,
    "till_archive": TillArchive,
    "remittance": Remittance,
    "withdraw_remittance": Remittance,
}
"""Own page of /gestion/ → whose objects its address names."""


OF_THE_WHOLE_HOUSE = {
    "import", "confirm_import", "drop_import", "payout", "payout_table", "match_payout", "dispute",
    "withdraw_write_off",
}  # fmt: skip
"""Of whoever manages every site: nothing of one site is there to be seen."""
WHOLE_PAGES = ("imports", "checklist", "french_tech", "ecosystem_csv", "payouts", "payouts_table", "transit")
THE_TREASURERS = {"approve_refund", "refuse_refund"}
"""No manager opens them, whosesoever the object is."""


EVERY_ROW = pytest.mark.parametrize("every_row", [False, pytest.param(True, marks=pytest.mark.soak)])
"""Of each list the newest row of theirs is opened; every row of them in the soak."""


def chosen(rows: set[int], *, every_row: bool) -> set[int]:
    return rows if every_row else {max(rows)}


@EVERY_ROW
def test_each_list_shows_her_rows_and_none_of_the_others_and_each_record_of_theirs_is_a_404(
    two: Two, every_row: bool
) -> None:
    for model in world.listed():
        assert two.theirs[model], f"nothing of {model.__name__} at the other site to look for"
        page = two.client.get(reverse(f"admin:{name_of(model)}_changelist"), {"all": ""})
        assert page.status_code == 200, model
        html = page.content.decode()
        assert "Vernon" not in html, model
        shown = set(page.context["cl"].queryset.values_list("pk", flat=True))
        assert shown.isdisjoint(two.theirs[model]), model
        # Every record is looked for among these, whichever page asks.
        found = site._registry[model].get_queryset(page.wsgi_request)
        assert not found.filter(pk__in=two.theirs[model]).exists(), model
        assert shown, model
        for pk in chosen(two.theirs[model], every_row=every_row):
            assert two.client.get(reverse(f"admin:{name_of(model)}_change", args=[pk])).status_code == 404, pk
        for page_of in ("history", "delete"):
            at = reverse(f"admin:{name_of(model)}_{page_of}", args=[max(two.theirs[model])])
            assert two.client.get(at).status_code in (403, 404), at
        record = reverse(f"admin:{name_of(model)}_change", args=[max(shown)])
        answer = two.client.get(record)
        assert (answer.status_code, "Vernon" in answer.content.decode()) == (200, False), record


def own_pages(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    """The names of the pages of /gestion/ whose address names an object, from the URL conf."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from own_pages(entry.url_patterns)
        elif "<int:pk>" in str(entry.pattern):
            yield str(entry.name)


def test_every_page_whose_address_names_an_object_is_in_the_table() -> None:
    assert set(own_pages(site.get_urls())) == set(OBJECTS) | OF_THE_WHOLE_HOUSE


def test_the_pages_of_the_whole_house_are_not_hers(two: Two) -> None:
    pages = [reverse(f"admin:{name}") for name in WHOLE_PAGES]
    pages += [reverse(f"admin:{name}", args=[1]) for name in OF_THE_WHOLE_HOUSE]
    assert {two.client.post(at).status_code for at in pages} <= {403, 405}
    assert {two.client.get(at).status_code for at in pages} <= {403, 405}


@EVERY_ROW
def test_every_page_that_acts_on_an_object_answers_404_for_theirs(two: Two, every_row: bool) -> None:
    for page, model in OBJECTS.items():
        for pk in chosen(two.theirs[model], every_row=every_row):
            at = reverse(f"admin:{page}", args=[pk])
            codes = {two.client.get(at).status_code, two.client.post(at).status_code}
            if page in THE_TREASURERS:
                assert codes == {403}, at
                continue
            assert codes <= {404, 405}, at
            assert 404 in codes, at


def without_tokens(html: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


def test_no_page_counts_finds_or_names_what_is_at_the_other_site(two: Two) -> None:
    for page in (
        "index",
        "rentals",
        "owed",
        "counter",
        "close",
        "day_sheet",
        "transfer",
        "settings",
        "report_links",
        "reports",
        "pilotage",
        "attendance",
        "attendance_spaces",
        "till",
        "till_closings",
        "till_archives",
        "remittances",
    ):
        answer = two.client.get(reverse(f"admin:{page}"))
        html = answer.content.decode()
        assert (answer.status_code, "Vernon" in html) == (200, False), page
    for page, name in (("search", "q"), ("counter", "qui"), ("index", "site"), ("rentals", "site")):
        answers = [
            two.client.get(reverse(f"admin:{page}"), {name: word}) for word in ("vernon", "nulle-part")
        ]
        found, nothing = (without_tokens(answer.content.decode()) for answer in answers)
        assert found.replace("vernon", "nulle-part") == nothing, page
    spent = {
        "montant": "18,00",
        "date": world.AT.date().isoformat(),
        "libelle": "VIR CLIENT VERNON",
        "qui": "Vernon",
    }
    html = two.client.get(reverse("admin:transfer"), spent).content.decode()
    assert "client-vernon" not in html
    assert "Client Vernon" not in html


def test_what_waits_is_counted_within_her_reach_only(two: Two) -> None:
    hers, everyone = counts.waiting(two.manager), counts.waiting(two.boss)
    assert {name: number for name, number in everyone.items() if number != 2 * hers[name]} == {}
    assert (hers["rentals"], hers["to_repay"], hers["anomalies"]) == (1, 1, 1)


def test_documents_of_the_other_site_are_not_hers_on_the_site_either(two: Two) -> None:
    for pk in two.theirs[Document]:
        document = Document.objects.get(pk=pk)
        assert two.client.get(document.get_absolute_url()).status_code == 404
    read = Document.objects.visible_to(two.manager).values_list("pk", flat=True)
    assert set(read) == two.own[Document]
    assert Order.objects.visible_to(two.manager).filter(pk__in=two.theirs[Order]).count() == 0
    assert Customer.objects.visible_to(two.manager).filter(pk__in=two.theirs[Customer]).count() == 0
    slug = Event.objects.get(site=two.other).slug
    for page in ("events:desk", "events:checkin"):
        assert two.client.get(reverse(page, args=[slug])).status_code in (403, 404), page


def test_services_refuse_to_act_at_the_other_site(two: Two) -> None:
    booking = Booking.objects.filter(site=two.other, purpose="member", state="confirmed").first()
    assert booking is not None
    closure = Closure.objects.get(site=two.other)
    with pytest.raises(NotAllowed):
        cancel_booking(booking=booking, by=two.manager, now=world.AT, waive=True)
    with pytest.raises(NotAllowed):
        reopen(closure=closure, by=two.manager, now=world.AT)
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED
    assert Closure.objects.filter(pk=closure.pk).exists()


def test_a_treasurer_reads_both_sites_and_who_manages_both_acts_at_both(two: Two) -> None:
    treasurer, general = signed_in(make_user(role="treasurer")), signed_in(make_user(role="manager"))
    for pk in two.theirs[Booking] | two.own[Booking]:
        if Booking.objects.get(pk=pk).purpose == "closure":
            continue
        at = reverse("admin:bookings_booking_change", args=[pk])
        assert (treasurer.get(at).status_code, general.get(at).status_code) == (200, 200)
    assert treasurer.post(reverse("admin:arrive", args=[min(two.own[Booking])])).status_code == 403


def test_a_customer_who_gives_their_address_at_the_counter_is_served_wherever_they_went_before(
    two: Two,
) -> None:
    known = Customer.objects.get(name="Client Vernon")
    assert two.client.get(reverse("admin:sell", args=[known.pk])).status_code == 404
    person = User.objects.get(email="client-vernon@cantine.example")
    customer = customer_for(person)
    Customer.objects.filter(pk=customer.pk).update(terms_days=30)
    sent = {"name": "Au Comptoir", "email": person.email, "language": "fr"}
    at = two.client.post(reverse("admin:counter"), sent).headers["Location"]
    asked: dict[str, str | int] = {
        "site": two.hers.pk,
        "sorte": "desk",
        "jour": "2031-01-15",
        "moment": "day",
    }
    empty: dict[str, str | int] = {}
    for data in (empty, asked):
        html = two.client.get(at, data).content.decode()
        assert "Au Comptoir" in html
        assert "Vernon" not in html
        assert "sur facture" not in html


def test_a_former_manager_has_nothing_left(two: Two) -> None:
    take_role(user=two.manager, role="manager", by=two.boss)
    assert two.client.get(reverse("admin:index")).status_code == 302  # her session is over
    assert not UserSession.objects.filter(user=two.manager).exists()
    anew = signed_in(User.objects.get(pk=two.manager.pk))
    for page in ("index", "rentals", "owed", "search"):
        assert anew.get(reverse(f"admin:{page}")).status_code == 403
    for model in world.listed():
        assert anew.get(reverse(f"admin:{name_of(model)}_changelist")).status_code == 403
    assert Order.objects.visible_to(User.objects.get(pk=two.manager.pk)).count() == 0


def test_a_manager_whose_last_site_ended_is_kept_out_though_she_has_the_role(two: Two) -> None:
    with transaction.atomic():
        assert staffing.manage(user=two.manager, sites=[], by=two.boss, now=world.AT)
    assert two.client.get(reverse("admin:index")).status_code == 403
    ended = StaffSite.objects.get(user=two.manager)
    assert ended.ended_at == world.AT


def test_who_is_a_member_of_the_other_site_is_not_seen_before_they_book_and_a_newcomer_is(two: Two) -> None:
    theirs, mine, newcomer, of_the_house = (make_user() for _each in range(4))
    for user, code in ((theirs, two.other.code), (mine, two.hers.code), (of_the_house, "")):
        membership = make_membership(user=user)
        Membership.objects.filter(pk=membership.pk).update(site_code=code)
    at = [
        reverse("admin:members_user_change", args=[user.pk])
        for user in (theirs, mine, newcomer, of_the_house)
    ]
    assert [two.client.get(each).status_code for each in at] == [404, 200, 200, 200]
    given = {"user": newcomer.pk, "organisation": "", "valid_from": "2031-01-01", "valid_to": ""}
    assert two.client.post(reverse("admin:members_membership_add"), given).status_code == 302
    assert newcomer.memberships.get().site_code == two.hers.code
