"""What this room knows of a person: the account, who they belong to, what was written to them."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import reduce
from operator import or_

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import personal_data
from members.copy_words import SAID
from members.models import (
    Affiliation,
    Closing,
    Consent,
    DataRequest,
    Invitation,
    ListingConsent,
    Membership,
    Message,
    Notice,
    OptOut,
    Organisation,
    Preferences,
    Profile,
    Reply,
    Report,
    StaffListRead,
    StaffRead,
    User,
)
from members.personal_data import Copy, Matter
from members.rows import told
from members.services.directory_data import erase_directory, export_directory
from members.services.people import addresses_of

OF_ALLAUTH: tuple[type[Model], ...] = tuple(
    model
    for model in apps.get_models()
    if model.__module__.startswith("allauth.") and personal_data.is_personal(model)
)
"""How people sign in, each row of one `user`: nothing of it outlives the account."""
KNOWN: tuple[type[Model], ...] = (
    *OF_ALLAUTH, Affiliation, Closing, Consent, DataRequest, Invitation, ListingConsent, Membership, Message,
    Notice, OptOut, Organisation, Preferences, Profile, Reply, Report, StaffListRead, StaffRead,
    User,
)  # fmt: skip
SIGN_IN = "account/"
"""Messages about signing in: their ids are words, not numbers."""


def nobody(pk: int) -> str:
    """The address of an account that nobody has any more."""
    return f"efface-{pk}@cantine.invalid"


def copy(person: User) -> Copy:
    """Read the account and all that hangs on it."""
    own, proved = User.objects.filter(pk=person.pk), addresses_of(person)
    return Copy(
        {
            "account": told(own, "name", "email", "language", "date_joined", "last_login", "is_active"),
            "roles": sorted(person.roles),
            "sessions": told(
                UserSession.objects.filter(user=person), "user_agent", "created_at", "last_seen_at"
            ),
            "second_factors": told(
                Authenticator.objects.filter(user=person), "type", "created_at", "last_used_at"
            ),
            "addresses": told(EmailAddress.objects.filter(user=person), "email", "verified", "primary"),
            "organisations": told(
                person.affiliations.all(), "organisation__name", "is_owner", "may_pay", "created_at"
            ),
            "memberships": told(person.memberships.all(), "valid_from", "valid_to", "source"),
            "messages": told(
                _written_to(addresses_of(person)), "to", "template", "subject", "state", "due_at", "sent_at"
            ),
            "data_requests": told(person.data_requests.all(), "asked_at", "made_at", "state"),
            "closings": told(person.closings.all(), "asked_at", "due_at", "why", "taken_back_at"),
            "consents": told(person.consents.all(), "slug", "version", "language", "given_at"),
            "listings": told(
                person.listing_consents.all(), "organisation__name", "text", "given_at", "withdrawn_at"
            ),
            "preferences": told(Preferences.objects.filter(user=person), "shares_presence"),
            "emails_done_without": told(OptOut.objects.filter(email__in=proved), "email", "topic", "since"),
            "invitations": told(
                _invitations_of(person, addresses_of(person)),
                "organisation__name",
                "email",
                "role",
                "created_at",
            ),
            "directory": export_directory(person),
            "read_by_staff": told(person.staff_reads.all(), "reader__name", "page", "at"),
            "lists_read_at_the_desk": told(
                person.lists_read.all(), "page", "filters", "people", "is_file", "at"
            ),
        },
        SAID,
    )


def matters(person: User, *, now: datetime) -> Iterator[Matter]:
    """Whoever runs the place hands their role over first."""
    if person.is_superuser or person.has_role("manager", "treasurer"):
        text = _("Vous avez un rôle dans l’équipe. Demandez d’abord à quelqu’un d’autre de vous le retirer.")
        yield Matter(text, blocks=True)
    warned = Closing.objects.standing().filter(user=person, why=Closing.Why.UNUSED).exists()
    for organisation in Organisation.objects.kept_by(person):
        text = _(
            "«\u202f%(name)s\u202f» n’a que vous comme responsable. Confiez ce rôle à quelqu’un d’autre."
        )
        url = reverse("members:organisation", args=[organisation.pk])
        # Nobody answers for an account long unused: the desk then names someone else.
        yield Matter(text % {"name": organisation}, url=url, link=_("Ses personnes"), blocks=not warned)
    yield Matter(_("Votre nom, votre adresse, vos messages et vos réglages sont effacés."))


def erase(person: User, *, now: datetime) -> None:
    """Step: leave of the account its number alone, which what must be kept points at; its address is free."""
    erase_directory(person)
    theirs = {*addresses_of(person), person.email.lower()}  # one that was never proved, too
    _invitations_of(person, theirs).delete()
    OptOut.objects.filter(email__in=theirs).delete()
    Consent.objects.filter(user=person).delete()
    ListingConsent.objects.filter(given_by=person).update(given_by=None)  # the organisation's word stands
    Preferences.objects.filter(user=person).delete()
    told_to = _written_to(theirs)
    told_to.filter(template__startswith=SIGN_IN).update(ids={})
    told_to.filter(state=Message.OWED).update(state=Message.DROPPED)
    told_to.update(to="", subject="", last_error="")
    for request in DataRequest.objects.filter(user=person):
        default_storage.delete(request.path)
    DataRequest.objects.filter(user=person).delete()
    Affiliation.objects.filter(user=person).delete()
    today = timezone.localdate(now)
    Membership.objects.filter(user=person, valid_from__gt=today).delete()
    still = Membership.objects.filter(user=person).filter(Q(valid_to=None) | Q(valid_to__gt=today))
    still.update(valid_to=today)
    for model in OF_ALLAUTH:
        model._default_manager.filter(user=person).delete()
    person.groups.clear()
    person.user_permissions.clear()
    person.name, person.email, person.last_login = "", nobody(person.pk), None
    person.is_active = person.is_staff = person.is_superuser = False
    person.set_unusable_password()
    person.save()


def left(people: "QuerySet[User]") -> Iterator[str]:
    """Erased accounts have a number and nothing else."""
    for user in people.exclude(name="", email__endswith="@cantine.invalid", is_active=False):
        yield f"account {user.pk} still has a name, an address or a way in"
    closings = Closing.objects.filter(user__in=people).exclude(erased_at=None)
    of_closings = Message.objects.filter(template__startswith="privacy/").exclude(to="")
    for message in of_closings.filter(ids__closing__in=list(closings.values_list("pk", flat=True))):
        yield f"message {message.pk} about the end of an account still says to whom"
    for message in Message.objects.filter(key__contains="@") if people.exists() else ():
        yield f"the key of message {message.pk} holds an address"
    tables: tuple[type[Model], ...] = (*OF_ALLAUTH, Affiliation, Consent, DataRequest, Preferences)
    for pk in (
        ListingConsent.objects.filter(given_by__in=people).values_list("given_by", flat=True).distinct()
    ):
        yield f"account {pk} is still named as having agreed for an organisation"
    for model in tables:
        for pk in model._default_manager.filter(user__in=people).values_list("user", flat=True).distinct():
            yield f"account {pk} still has rows in {model._meta.db_table}"


def _invitations_of(person: User, addresses: Collection[str]) -> "QuerySet[Invitation]":
    """Those sent to an address of theirs, or taken up by them."""
    return Invitation.objects.filter(Q(email__in=addresses) | Q(accepted_by=person))


def _written_to(addresses: Collection[str]) -> "QuerySet[Message]":
    """Messages to an address of theirs, and those about a change of it."""
    fields = ("from_email", "to_email", "deleted_email")
    about = reduce(or_, (Q(**{f"ids__{field}__in": addresses}) for field in fields))
    return Message.objects.filter(Q(to__in=addresses) | Q(template__startswith=SIGN_IN) & about)
