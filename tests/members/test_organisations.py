"""Organisations and their people: invited, joining once, roles, leaving; somebody is always responsible."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from billing.models import Customer
from members import errors_organisation as errors
from members import personal_data
from members.messages.sending import send_due
from members.models import Affiliation, Invitation, Organisation, User
from members.organisation_admin import KeepsAnOwner
from members.services.organisations import (
    accept_invitation,
    change_role,
    invite,
    remove_person,
    withdraw_invitation,
)
from tests.factories.bookings import make_house
from tests.factories.members import make_affiliation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user(name="Odile Responsable")


@pytest.fixture
def organisation(owner: User) -> Organisation:
    made = Organisation.objects.create(name="Atelier des Essais")
    Affiliation.objects.create(organisation=made, user=owner, may_pay=True, is_owner=True)
    return made


def invited(organisation: Organisation, owner: User, email: str = "nora@exemple.example") -> Invitation:
    return invite(organisation=organisation, email=email, role="payer", by=owner, now=timezone.now())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def belongs(user: User, organisation: Organisation) -> bool:
    return organisation.affiliations.filter(user=user).exists()


def test_an_invitation_lets_one_person_in_once_and_the_owner_is_told(
    organisation: Organisation, owner: User
) -> None:
    invitation, guest, second = invited(organisation, owner), make_user(name="Nora Invitée"), make_user()
    while send_due(timezone.now()):
        pass
    assert invitation.get_absolute_url() in mail.outbox[-1].body
    accept_invitation(invitation=invitation, by=guest, now=timezone.now())
    with pytest.raises(errors.InvitationOver):
        accept_invitation(invitation=invitation, by=second, now=timezone.now())
    assert list(Organisation.objects.payable_by(guest)) == [organisation]
    assert not belongs(second, organisation)
    while send_due(timezone.now()):
        pass
    assert mail.outbox[-1].to == [owner.email]
    assert "Nora Invitée" in mail.outbox[-1].body


def test_an_invitation_that_ran_out_or_was_taken_back_opens_nothing(
    organisation: Organisation, owner: User
) -> None:
    old, withdrawn = invited(organisation, owner), invited(organisation, owner, "paul@exemple.example")
    withdraw_invitation(invitation=withdrawn, by=owner, now=timezone.now())
    guest, later = make_user(), timezone.now() + timedelta(days=14, minutes=1)
    for each, when in ((old, later), (withdrawn, timezone.now())):
        with pytest.raises(errors.InvitationOver):
            accept_invitation(invitation=each, by=guest, now=when)
    assert not belongs(guest, organisation)
    assert signed_in(guest).get(withdrawn.get_absolute_url()).status_code == 410
    again = invite(
        organisation=organisation, email="nora@exemple.example", role="member", by=owner, now=later
    )
    old.refresh_from_db()
    assert (old.withdrawn_at, again.key != old.key) == (later, True)


def test_an_address_is_invited_once_and_who_belongs_not_at_all(
    organisation: Organisation, owner: User
) -> None:
    invited(organisation, owner)
    with pytest.raises(errors.InvitedAlready):
        invited(organisation, owner, "NORA@exemple.example")
    with pytest.raises(errors.BelongsAlready):
        invited(organisation, owner, owner.email)
    assert Invitation.objects.count() == 1


def test_only_owners_decide(organisation: Organisation, owner: User) -> None:
    payer, member = make_user(), make_user()
    make_affiliation(organisation=organisation, user=payer, may_pay=True)
    theirs = make_affiliation(organisation=organisation, user=member)
    invitation = invited(organisation, owner)
    for by in (payer, member, make_user(), make_user(role="manager")):
        with pytest.raises(errors.NotOwner):
            invited(organisation, by, "autre@exemple.example")
        with pytest.raises(errors.NotOwner):
            withdraw_invitation(invitation=invitation, by=by, now=timezone.now())
        with pytest.raises(errors.NotOwner):
            change_role(affiliation=theirs, role="owner", by=by, now=timezone.now())
        if by != member:
            with pytest.raises(errors.NotOwner):
                remove_person(affiliation=theirs, by=by, now=timezone.now())
    theirs.refresh_from_db()
    assert (theirs.role, Invitation.objects.unanswered().count()) == (Affiliation.Role.MEMBER, 1)


def test_the_last_owner_stays_until_somebody_follows(organisation: Organisation, owner: User) -> None:
    mine = organisation.affiliations.get()
    closed = make_user(is_active=False)
    Affiliation.objects.create(organisation=organisation, user=closed, may_pay=True, is_owner=True)
    with pytest.raises(errors.LastOwner):
        remove_person(affiliation=mine, by=owner, now=timezone.now())
    with pytest.raises(errors.LastOwner):
        change_role(affiliation=mine, role="payer", by=owner, now=timezone.now())
    assert belongs(owner, organisation)
    heir = make_affiliation(organisation=organisation, user=make_user())
    change_role(affiliation=heir, role="owner", by=owner, now=timezone.now())
    remove_person(affiliation=mine, by=owner, now=timezone.now())
    assert not belongs(owner, organisation)
    heir.refresh_from_db()
    assert (heir.is_owner, heir.may_pay) == (True, True)


def test_who_is_taken_out_spends_nothing_any_more(organisation: Organisation, owner: User) -> None:
    payer = make_user()
    theirs = make_affiliation(organisation=organisation, user=payer, may_pay=True)
    page = reverse("members:person", args=[organisation.pk, theirs.pk])
    assertRedirects(
        signed_in(owner).post(page, {"do": "remove"}),
        reverse("members:organisation", args=[organisation.pk]),
    )
    assert not Customer.objects.payable_by(payer).filter(organisation=organisation).exists()
    assert signed_in(payer).get(reverse("members:organisation", args=[organisation.pk])).status_code == 404


@pytest.mark.parametrize("ends", ["taken out", "made a member", "closed"])
def test_who_decides_no_more_comes_back_by_no_invitation_they_sent(
    organisation: Organisation, owner: User, ends: str
) -> None:
    second, other = make_user(), make_user()
    theirs = make_affiliation(organisation=organisation, user=second)
    change_role(affiliation=theirs, role="owner", by=owner, now=timezone.now())
    kept, sent = invited(organisation, owner), invited(organisation, second, "porte@exemple.example")
    if ends == "taken out":
        remove_person(affiliation=theirs, by=owner, now=timezone.now())
    elif ends == "made a member":
        change_role(affiliation=theirs, role="member", by=owner, now=timezone.now())
    else:
        User.objects.filter(pk=second.pk).update(is_active=False)
    with pytest.raises(errors.InvitationOver):
        accept_invitation(invitation=sent, by=other, now=timezone.now())
    assert not belongs(other, organisation)
    assert list(Invitation.objects.open_at(timezone.now())) == [kept]


def test_members_see_the_people_and_neither_invitations_nor_controls(
    organisation: Organisation, owner: User
) -> None:
    member = make_user()
    make_affiliation(organisation=organisation, user=member)
    invited(organisation, owner)
    at = reverse("members:organisation", args=[organisation.pk])
    page = signed_in(member).get(at)
    assertContains(page, "Odile Responsable")
    assertNotContains(page, "nora@exemple.example")
    assertNotContains(page, "Inviter une personne")
    refused = signed_in(member).post(at, {"email": "x@exemple.example", "role": "owner"})
    assert (refused.status_code, Invitation.objects.count()) == (403, 1)
    assertContains(signed_in(owner).get(at), "nora@exemple.example")


def test_another_organisation_is_not_found(organisation: Organisation) -> None:
    stranger, theirs = signed_in(make_user()), organisation.affiliations.get()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email="nora@exemple.example",
        role="member",
        invited_by=theirs.user,
        expires_at=timezone.now() + timedelta(days=1),
    )
    withdraw = reverse("members:withdraw_invitation", args=[organisation.pk, invitation.pk])
    pages = [
        reverse("members:organisation", args=[organisation.pk]),
        reverse("members:person", args=[organisation.pk, theirs.pk]),
        reverse("billing:organisation_address", args=[organisation.pk]),
    ]
    assert {stranger.get(page).status_code for page in pages} == {404}
    assert stranger.post(withdraw).status_code == 404
    assert Invitation.objects.unanswered().count() == 1


FORM = {
    "name": "Coopérative d’essai",
    "address": "1, rue de l’Exemple",
    "postcode": "76140",
    "city": "Le Petit-Quevilly",
    "buyer": "business",
    "siren": "732 829 320",
}


def test_founding_one_makes_its_customer_and_its_owner() -> None:
    user = make_user()
    client = signed_in(user)
    answer = client.post(reverse("billing:found_organisation"), FORM)
    organisation = Organisation.objects.get()
    assertRedirects(answer, reverse("members:organisation", args=[organisation.pk]))
    customer = Customer.objects.payable_by(user).get(organisation=organisation)
    assert (customer.siren, customer.email, customer.has_terms) == ("732829320", user.email, False)
    assert organisation.affiliations.get().role == Affiliation.Role.OWNER


def test_founding_one_asks_for_what_its_invoices_need() -> None:
    founder = signed_in(make_user())
    for wrong in ({"siren": "732829321"}, {"siren": ""}, {"buyer": "consumer"}, {"name": " "}):
        answer = founder.post(reverse("billing:found_organisation"), FORM | wrong)
        assert (wrong, answer.status_code) == (wrong, 422)
    assert (Organisation.objects.count(), Customer.objects.count()) == (0, 0)


def test_an_association_may_have_no_siren() -> None:
    signed_in(make_user()).post(
        reverse("billing:found_organisation"), FORM | {"buyer": "association", "siren": ""}
    )
    assert Customer.objects.get().buyer == "association"


def test_the_link_leads_strangers_to_an_account_and_is_kept_from_searchers(
    organisation: Organisation, owner: User
) -> None:
    invitation = invited(organisation, owner)
    page = Client().get(invitation.get_absolute_url())
    assertContains(page, f"?next={invitation.get_absolute_url()}", count=2)
    assertContains(page, "noindex")
    Client().post(invitation.get_absolute_url())
    assert Invitation.objects.unanswered().count() == 1
    assert Client().get(reverse("members:join", args=["rien"])).status_code == 404


def test_the_desk_tells_of_an_organisation_without_owner_and_names_one_and_no_other_loses_its_last(
    organisation: Organisation, owner: User
) -> None:
    lost, person = Organisation.objects.create(name="Sans Personne"), make_user()
    theirs = make_affiliation(organisation=lost, user=person, may_pay=True)
    Organisation.objects.create(name="Sans Membres")
    make_house()
    desk = signed_in(make_user(role="manager"))
    assertContains(desk.get(reverse("admin:index")), "1 organisation sans responsable")
    shown = desk.get(reverse("admin:members_organisation_changelist") + "?responsable=sans")
    assert [each.name for each in shown.context["cl"].result_list] == ["Sans Personne"]
    assertContains(desk.get(at_desk(lost)), "Personne n’est responsable ici")
    assert (
        desk.post(at_desk(lost), people_form(desk, theirs, changes=[{"is_owner": "on"}])).status_code == 302
    )
    assert not Organisation.objects.without_owner().exists()
    mine = organisation.affiliations.get()
    for change in ({}, {"is_owner": "on", "DELETE": "on"}):
        refused = desk.post(at_desk(organisation), people_form(desk, mine, changes=[change]))
        assertContains(refused, "Il faut au moins une personne responsable.")
    mine.refresh_from_db()
    assert mine.is_owner


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_each_take_the_role_from_the_other_owner_leave_one(
    organisation: Organisation, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Affiliation.objects.create(organisation=organisation, user=make_user(), may_pay=True, is_owner=True)
    rows = list(organisation.affiliations.order_by("pk"))
    both_have_read, clean = Barrier(2), KeepsAnOwner.clean

    def clean_after_both_read(formset: KeepsAnOwner) -> None:
        both_have_read.wait(timeout=10)
        clean(formset)

    def demote(kept: Affiliation) -> int:
        try:
            desk = desks.pop()
            changes = [{"is_owner": "on"} if row == kept else {} for row in rows]
            sent = people_form(desk, *rows, changes=changes)
            return desk.post(at_desk(organisation), sent).status_code
        finally:
            connection.close()

    desks = [signed_in(make_user(role="manager")) for _each in rows]
    monkeypatch.setattr(KeepsAnOwner, "clean", clean_after_both_read)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, rows)) == [200, 302]
    assert organisation.affiliations.filter(is_owner=True).count() == 1


def test_the_last_owner_hands_the_role_over_before_closing_their_account(
    organisation: Organisation, owner: User
) -> None:
    now = timezone.now()
    assert not any(matter.blocks for matter in personal_data.matters(owner, now=now))
    other = make_affiliation(organisation=organisation, user=make_user(), may_pay=True)
    blocking = [matter.url for matter in personal_data.matters(owner, now=now) if matter.blocks]
    assert blocking == [reverse("members:organisation", args=[organisation.pk])]
    change_role(affiliation=other, role="owner", by=owner, now=now)
    assert not any(matter.blocks for matter in personal_data.matters(owner, now=now))


def at_desk(organisation: Organisation) -> str:
    return reverse("admin:members_organisation_change", args=[organisation.pk])


def people_form(
    desk: Client, *affiliations: Affiliation, changes: Sequence[dict[str, str]]
) -> dict[str, str]:
    """The form of the record as the desk sends it, with people who may pay, changed as `changes` says."""
    organisation = affiliations[0].organisation
    under = [each.formset for each in desk.get(at_desk(organisation)).context["inline_admin_formsets"]]
    names = ("TOTAL", "INITIAL")
    sent = {f"{each.prefix}-{name}_FORMS": "0" for each in under for name in names}
    sent |= {f"affiliations-{name}_FORMS": str(len(affiliations)) for name in names}
    for number, (row, change) in enumerate(zip(affiliations, changes, strict=True)):
        said = {"id": row.pk, "user": row.user_id, "organisation": organisation.pk, "may_pay": "on"} | change
        sent |= {f"affiliations-{number}-{name}": str(value) for name, value in said.items()}
    return {"name": organisation.name, **sent}
