"""What a manager of one site changes, ties and is written to about: nothing of another, or of both."""

import pytest
from django.contrib.admin import site
from django.db import transaction
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from billing.models import (
    Account,
    DunningStep,
    LateRate,
    Mention,
    Price,
    Product,
    Refund,
    Seller,
)
from bookings.models import (
    OpeningHours,
    Site,
    Tariff,
)
from bookings.services import staffing
from bookings.services.contacting import Written, write_to_house
from bookings.services.problems import report_problem
from bookings.services.rentals.telling import owe_received
from bookings.services.telling import people_with
from cantine.roles import give_role
from members import reach
from members.messages import kinds
from members.models import Affiliation, Message, Organisation, Page, User
from tests.cantine.reach import world
from tests.cantine.reach.conftest import Two, name_of, signed_in
from tests.factories.members import make_user
from tests.factories.rentals import make_rental_request

pytestmark = pytest.mark.django_db
WHY = "Vous lisez ceci sans le changer"


def refused(two: Two, page: str, model: type[Model], pk: int) -> bool:
    """Whether a page of a row takes nothing from her."""
    at = reverse(f"admin:{name_of(model)}_{page}", args=[pk])
    return two.client.post(at, {"post": "yes"}).status_code in (403, 404)


def test_no_form_under_a_row_offers_names_or_ties_what_is_at_the_other_site(two: Two) -> None:
    asked = RequestFactory().get("/")
    asked.user = two.manager
    offered = 0
    for desk in site._registry.values():
        for inline in desk.get_inline_instances(asked):
            for name, field in inline.get_formset(asked).form.base_fields.items():
                rows = getattr(field, "queryset", None)
                if rows is not None and reach.has_rule(rows.model):
                    offered += 1
                    assert set(rows.values_list("pk", flat=True)).isdisjoint(two.theirs[rows.model]), name
    assert offered
    theirs = User.objects.get(name="Personne Vernon")
    mine = Organisation.objects.get(name="Organisation Falaise")
    at = reverse("admin:members_organisation_change", args=[mine.pk])
    forms = [each.formset for each in two.client.get(at).context["inline_admin_formsets"]]
    empty = {f"{form.prefix}-{name}_FORMS": "0" for form in forms for name in ("TOTAL", "INITIAL")}
    sent = {"name": mine.name, **empty, "affiliations-TOTAL_FORMS": "1"}
    answer = two.client.post(at, {**sent, "affiliations-0-user": str(theirs.pk)})
    assert (answer.status_code, theirs.name in answer.content.decode()) == (200, False)
    assert not Affiliation.objects.filter(user=theirs, organisation=mine).exists()
    Affiliation.objects.create(user=theirs, organisation=mine)  # as they may by an invitation
    assert theirs.name not in two.client.get(at).content.decode()


def test_what_binds_every_site_is_read_and_not_changed_by_a_manager_of_one(two: Two) -> None:
    asked, everyone = RequestFactory().get("/"), make_user(role="manager")
    everyone = User.objects.get(pk=everyone.pk)
    shared = [model for model in site._registry if not reach.has_rule(model)]
    assert {Page, LateRate, DunningStep} <= set(shared)
    for model in shared:
        desk = site._registry[model]
        asked.user = everyone
        has = (desk.has_add_permission(asked), desk.has_change_permission(asked))
        assert has == (True, True) or not everyone.has_perm(
            f"{model._meta.app_label}.add_{model._meta.model_name}"
        )
        asked.user = two.manager
        assert (desk.has_add_permission(asked), desk.has_change_permission(asked)) == (False, False), model
    for_all = {"code": "essai", "seller": "", "language": "fr", "text": "Essai", "valid_from": "2031-01-01"}
    add = reverse("admin:billing_mention_add")
    assert two.client.post(add, for_all).status_code == 200
    assert not Mention.objects.filter(code="essai").exists()
    assert two.client.post(add, {**for_all, "seller": two.hers.seller_id}).status_code == 302
    assert not refused(two, "delete", Mention, Mention.objects.get(code="essai").pk)
    assert not refused(two, "change", Seller, two.hers.seller_id)


def test_a_seller_of_another_site_too_and_its_texts_are_not_hers_to_change(two: Two) -> None:
    Site.objects.filter(pk=two.other.pk).update(seller=two.hers.seller_id)
    mention = Mention.objects.get(code="mention-falaise")
    assert refused(two, "change", Seller, two.hers.seller_id)
    assert refused(two, "change", Mention, mention.pk)
    assert two.client.get(reverse("admin:billing_mention_add")).status_code == 403
    assert (
        two.client.get(reverse("admin:billing_seller_change", args=[two.hers.seller_id])).status_code == 200
    )


def test_what_a_seller_sells_at_another_site_too_is_read_only_and_says_why_and_her_own_tariffs_stay_hers(
    two: Two,
) -> None:
    seller = two.hers.seller_id
    rows: list[Model] = [
        Product.objects.filter(seller=seller).earliest("pk"),
        Price.objects.filter(product__seller=seller).earliest("pk"),
        Account.objects.filter(seller=seller).earliest("pk"),
    ]
    tariff = Tariff.objects.filter(site=two.hers).earliest("pk")
    for row in (*rows, tariff):
        assert not refused(two, "change", type(row), row.pk)
        assert two.client.get(reverse(f"admin:{name_of(type(row))}_add")).status_code == 200
    Site.objects.filter(pk=two.other.pk).update(seller=seller)
    for row in rows:
        assert refused(two, "change", type(row), row.pk), row
        assertContains(two.client.get(reverse(f"admin:{name_of(type(row))}_change", args=[row.pk])), WHY)
        assertContains(two.client.get(reverse(f"admin:{name_of(type(row))}_changelist")), WHY)
        assert two.client.get(reverse(f"admin:{name_of(type(row))}_add")).status_code == 403
    assert not refused(two, "change", Tariff, tariff.pk)
    boss = signed_in(two.boss)
    assertNotContains(boss.get(reverse("admin:billing_product_changelist")), WHY)


def test_who_reads_everything_as_a_treasurer_acts_as_a_manager_at_her_site_only(two: Two) -> None:
    give_role(user=two.manager, role="treasurer", by=None)
    two.client = signed_in(User.objects.get(pk=two.manager.pk))
    theirs = list(OpeningHours.objects.filter(site=two.other).values_list("pk", flat=True))
    for pk in theirs:
        assert refused(two, "delete", OpeningHours, pk)
    several = {"action": "delete_selected", "_selected_action": theirs, "post": "yes"}
    two.client.post(reverse("admin:bookings_openinghours_changelist"), several)
    assert OpeningHours.objects.filter(pk__in=theirs).count() == len(theirs) > 0
    for refund in Refund.objects.filter(pk__in=two.theirs[Refund]):
        for page in ("repay", "refund_again"):
            assert two.client.post(reverse(f"admin:{page}", args=[refund.pk])).status_code == 404
    mine = OpeningHours.objects.filter(site=two.hers).first()
    assert mine is not None
    assert not refused(two, "delete", OpeningHours, mine.pk)


def test_only_who_manages_the_site_is_written_to_about_it_and_nothing_goes_out_once_they_do_no_more(
    two: Two,
) -> None:
    of_both, former = make_user(role="manager"), make_user(role="manager")
    with transaction.atomic():
        staffing.manage(user=former, sites=[], by=two.boss, now=world.AT)
    owed = Message.objects.filter(pk__gt=max(Message.objects.values_list("pk", flat=True)))
    written = Written(name="Curieux", email="curieux@ailleurs.example", words="Bonjour")
    write_to_house(site=two.other, written=written, now=world.AT)
    person = User.objects.get(name="Personne Vernon")
    report_problem(site=two.other, space=None, kind="broken", words="Lampe", by=person, now=world.AT)
    request = make_rental_request(two.other)
    with transaction.atomic():
        owe_received(request)
    assert set(owed.values_list("to", flat=True)) == {of_both.email, request.email}
    assert not owed.filter(key__contains="@").exists()
    assert list(people_with("events.review_event", two.other)) == [of_both]
    assert set(people_with("events.review_event", two.hers)) == {two.manager, of_both}
    to_staff = list(owed.filter(to=of_both.email))
    told = {"contact/written", "problems/reported", "rentals/to_answer"}
    assert {each.template for each in to_staff} == told
    assert all(kinds.kind_of(each.template).load(each.ids) for each in to_staff)
    with transaction.atomic():
        staffing.manage(user=of_both, sites=[two.hers], by=two.boss, now=world.AT)
    assert not any(kinds.kind_of(each.template).load(each.ids) for each in to_staff)
