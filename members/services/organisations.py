"""The people of an organisation: inviting, joining, roles, leaving; its row is locked first."""

from datetime import datetime

from members.errors_organisation import BelongsAlready, InvitationOver, InvitedAlready, LastOwner, NotOwner
from members.messages import owing
from members.models import Affiliation, Invitation, Organisation, User
from members.models.invitation import LASTS
from members.transactions import own_transaction, require_transaction

Role = Affiliation.Role


def found(*, name: str, by: User) -> Organisation:
    """Step: make an organisation whose first person, and owner, is `by`."""
    require_transaction()
    organisation = Organisation.objects.create(name=name)
    Affiliation.objects.create(organisation=organisation, user=by, may_pay=True, is_owner=True)
    return organisation


@own_transaction
def invite(*, organisation: Organisation, email: str, role: str, by: User, now: datetime) -> Invitation:
    """Ask an address to belong to `organisation` in `role`; owe the letter with its link.

    Raises `NotOwner`, `BelongsAlready` or `InvitedAlready`; nothing is written then. A dead one is replaced.
    """
    email = email.lower()
    _locked_by_owner(organisation, by)
    if Affiliation.objects.filter(organisation=organisation, user__email=email).exists():
        raise BelongsAlready
    unanswered = Invitation.objects.unanswered().filter(organisation=organisation, email=email)
    if unanswered.open_at(now).exists():
        raise InvitedAlready
    unanswered.update(withdrawn_at=now)
    known = User.objects.filter(email=email).first()
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=Role(role),
        language=known.language if known else by.language,
        invited_by=by,
        created_at=now,
        expires_at=now + LASTS,
    )
    owing.owe(
        owing.letter(
            to=email,
            template="organisations/invitation",
            key=f"organisation-invitation:{invitation.pk}",
            language=invitation.language,
            invitation=invitation.pk,
        )
    )
    return invitation


@own_transaction
def withdraw_invitation(*, invitation: Invitation, by: User, now: datetime) -> None:
    """Take an invitation back: its link opens nothing any more. Twice is once; one taken up stays so."""
    _locked_by_owner(invitation.organisation, by)
    Invitation.objects.unanswered().filter(pk=invitation.pk).update(withdrawn_at=now)


@own_transaction
def accept_invitation(*, invitation: Invitation, by: User, now: datetime) -> Affiliation:
    """Let whoever holds the link belong, once; its owners are told who came.

    Who belongs already keeps the role they have. Raises `InvitationOver`; nothing is written then.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=invitation.organisation_id)
    open_ones = Invitation.objects.open_at(now).filter(pk=invitation.pk)
    if not open_ones.update(accepted_at=now, accepted_by=by):
        raise InvitationOver
    newcomer = Affiliation(organisation=invitation.organisation, user=by, created_at=now)
    newcomer.role = Role(invitation.role)
    affiliation, came = Affiliation.objects.get_or_create(
        organisation=invitation.organisation,
        user=by,
        defaults={"may_pay": newcomer.may_pay, "is_owner": newcomer.is_owner, "created_at": now},
    )
    if came:
        _tell_owners(affiliation, invitation)
    return affiliation


def _tell_owners(affiliation: Affiliation, invitation: Invitation) -> None:
    owners = User.objects.filter(
        affiliations__organisation=affiliation.organisation, affiliations__is_owner=True, is_active=True
    ).exclude(pk=affiliation.user_id)
    owing.owe(
        *(
            owing.letter(
                to=owner.email,
                template="organisations/joined",
                key=f"organisation-joined:{invitation.pk}:{owner.pk}",
                language=owner.language,
                affiliation=affiliation.pk,
            )
            for owner in owners.order_by("pk")
        )
    )


@own_transaction
def change_role(*, affiliation: Affiliation, role: str, by: User, now: datetime) -> Affiliation:
    """Give one of its people another role; refused where nobody would be responsible any more.

    What someone invited who decides there no more opens nothing.
    """
    _locked_by_owner(affiliation.organisation, by)
    affiliation = Affiliation.objects.select_for_update(of=("self",), no_key=True).get(pk=affiliation.pk)
    if role != Role.OWNER:
        _leave_an_owner(affiliation)
        _withdraw_theirs(affiliation, now)
    affiliation.role = Role(role)
    affiliation.save(update_fields=["is_owner", "may_pay"])
    return affiliation


@own_transaction
def remove_person(*, affiliation: Affiliation, by: User, now: datetime) -> None:
    """End someone's belonging: they leave, or an owner takes them out. What they booked stays booked."""
    if affiliation.user_id == by.pk:
        Organisation.objects.select_for_update(no_key=True).get(pk=affiliation.organisation_id)
    else:
        _locked_by_owner(affiliation.organisation, by)
    standing = Affiliation.objects.filter(pk=affiliation.pk).first()
    if standing is None:
        return
    _leave_an_owner(standing)
    _withdraw_theirs(standing, now)
    standing.delete()


def _withdraw_theirs(affiliation: Affiliation, now: datetime) -> None:
    """Step: take back the invitations that somebody sent and nobody took up: they could come back by one."""
    sent = Invitation.objects.unanswered().filter(
        organisation=affiliation.organisation_id, invited_by=affiliation.user_id
    )
    sent.update(withdrawn_at=now)


def _locked_by_owner(organisation: Organisation, by: User) -> None:
    """Step: lock the organisation, then ask whether `by` decides there; a role taken away counts no more."""
    require_transaction()
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if not Affiliation.objects.filter(organisation=organisation, user=by, is_owner=True).exists():
        raise NotOwner


def _leave_an_owner(affiliation: Affiliation) -> None:
    """Step: refuse to do without the last owner who can still sign in."""
    others = Affiliation.objects.filter(
        organisation=affiliation.organisation_id, is_owner=True, user__is_active=True
    ).exclude(pk=affiliation.pk)
    if affiliation.is_owner and not others.exists():
        raise LastOwner
