"""The matrix role × address outside /gestion/, for addresses that name an object: whose it is decides.

One world for the package. The objects are those of the person of Vernon; who else asks is a stranger, the
person of Falaise, the manager of Falaise.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from billing.models import Document
from bookings.models import Booking, Problem, RentalRequest, Site
from cantine.models import FrozenReport, ReportLink
from cantine.roles import give_role
from events.models import Event, Registration, Seat
from members.access import PUBLIC, SIGNED_IN, WITH_KEY
from members.checks import access_of
from members.models import (
    Affiliation,
    Closing,
    DataRequest,
    Invitation,
    Notice,
    Organisation,
    Profile,
    User,
)
from tests.cantine.reach import world
from tests.cantine.reach.conftest import Two, signed_in
from tests.factories.notices import make_notice, make_profile
from tests.factories.rentals import DAY

pytestmark = pytest.mark.django_db

REFUSED = {403, 404}
Args = Sequence[str | int | date]


@dataclass(frozen=True)
class Theirs:
    """The person of Vernon and what is theirs."""

    user: User
    site: Site
    booking: Booking
    document: Document
    organisation: Organisation
    affiliation: Affiliation
    invitation: Invitation
    event: Event
    registration: Registration
    notice: Notice
    profile: Profile
    problem: Problem
    session: UserSession
    passkey: Authenticator
    copy: DataRequest


def of(two: Two) -> Theirs:
    """Find what the world holds, and add what a person has beside."""
    user, site = User.objects.get(name="Personne Vernon"), two.other
    give_role(user=user, role="volunteer", by=None)
    organisation = Organisation.objects.get(name="Organisation Vernon")
    Affiliation.objects.filter(organisation=organisation).update(is_owner=True)
    event = Event.objects.get(site=site)
    Event.objects.filter(pk=event.pk).update(created_by=user)
    problem = Problem.objects.get(site=site)
    Problem.objects.filter(pk=problem.pk).update(picture_large="lampe.jpg", picture_small="lampe-petite.jpg")
    problem.refresh_from_db()
    booking = Booking.objects.filter(site=site, booked_by=user, purpose="member").earliest("pk")
    return Theirs(
        user=user,
        site=site,
        booking=booking,
        document=Document.objects.get(order=booking.line.order, kind="invoice"),  # type: ignore[union-attr]
        organisation=organisation,
        affiliation=organisation.affiliations.get(user=user),
        invitation=Invitation.objects.create(
            organisation=organisation,
            email="invitee@ailleurs.example",
            role="member",
            language="fr",
            invited_by=user,
            created_at=world.AT,
            expires_at=world.AT + timedelta(days=9),
        ),
        event=event,
        registration=event.registrations.get(),
        notice=make_notice(author=user, now=world.AT),
        profile=make_profile(user=user),
        problem=problem,
        session=UserSession.objects.create(
            user=user, session_key="v" * 32, ip="0.0.0.0", user_agent="", last_seen_at=world.AT
        ),
        passkey=Authenticator.objects.create(
            user=user, type="webauthn", data={"name": "Clé", "credential": {}}
        ),
        copy=DataRequest.objects.create(
            user=user, asked_on=world.AT.date(), asked_at=world.AT, next_try_at=world.AT
        ),
    )


OF_AN_ORDER = {"billing:pay", "billing:return", "billing:cancel"}
"""With the order's link; but an order of a person's asks them to sign in."""
FILES = {
    "bookings:problem_picture",
    "members:copy",
    "bookings:rent_quote_pdf",
    "bookings:rent_document",
    "funder_report_pdf",
}
"""Of which this world has no file: their owner finds nothing either."""
PERSONAL: dict[str, Callable[[Theirs], Args]] = {
    "bookings:booking": lambda it: [it.booking.reference],
    "bookings:cancel": lambda it: [it.booking.reference],
    "bookings:ics": lambda it: [it.booking.reference],
    "bookings:arrive": lambda it: [it.booking.reference],
    "bookings:problem_picture": lambda it: [it.problem.picture_large],
    "mfa_edit_webauthn": lambda it: [it.passkey.pk],
    "mfa_remove_webauthn": lambda it: [it.passkey.pk],
    "members:copy": lambda it: [it.copy.key],
    "members:end_session": lambda it: [it.session.pk],
    "members:organisation": lambda it: [it.organisation.pk],
    "members:listing": lambda it: [it.organisation.pk],
    "members:person": lambda it: [it.organisation.pk, it.affiliation.pk],
    "members:withdraw_invitation": lambda it: [it.organisation.pk, it.invitation.pk],
    "billing:document": lambda it: [it.document.seller.code, it.document.number],
    "billing:settle": lambda it: [it.document.seller.code, it.document.number],
    "billing:pay": lambda it: [it.document.order.public_id],
    "billing:return": lambda it: [it.document.order.public_id],
    "billing:cancel": lambda it: [it.document.order.public_id],
    "billing:organisation_address": lambda it: [it.organisation.pk],
    "events:edit": lambda it: [it.event.slug],
    "events:desk": lambda it: [it.event.slug],
    "events:registrations_csv": lambda it: [it.event.slug],
    "events:decide": lambda it: [it.event.slug],
    "events:withdraw": lambda it: [it.event.slug, it.registration.pk],
    "events:cancel_event": lambda it: [it.event.slug],
    "events:checkin": lambda it: [it.event.slug],
    "events:checkin_count": lambda it: [it.event.slug],
    "events:checkin_code": lambda it: [it.event.slug, Seat.objects.get(registration=it.registration).code],
    "events:figures": lambda it: [it.event.slug],
    "members:edit_notice": lambda it: [it.notice.slug],
    "members:solve_notice": lambda it: [it.notice.slug],
    "members:prolong_notice": lambda it: [it.notice.slug],
    "members:close_notice": lambda it: [it.notice.slug],
}
"""Address → the object of one person (or of who runs it): nobody else's, whatever their role elsewhere."""

SEEN: dict[str, Callable[[Theirs], Args]] = {
    "bookings:rent_price": lambda it: [it.site.code],
    "bookings:rent_layouts": lambda it: [it.site.code],
    "bookings:rent_at": lambda it: [it.site.code],
    "bookings:rent_space": lambda it: [it.site.code, "quai"],
    "bookings:reserve_at": lambda it: [it.site.code],
    "bookings:desks": lambda it: [it.site.code, DAY],
    "bookings:rooms": lambda it: [it.site.code, DAY],
    "bookings:report": lambda it: [it.site.code],
    "bookings:report_space": lambda it: [it.site.code, "a"],
    "open_data_file": lambda it: ["organisations", "csv"],
    "members:page": lambda it: ["confidentialite"],
    "members:page_version": lambda it: ["confidentialite", 1],
    "members:profile": lambda it: [it.profile.slug],
    "members:notice": lambda it: [it.notice.slug],
    "members:report_notice": lambda it: [it.notice.slug],
    "events:month": lambda it: [2031, 1],
    "events:category_calendar": lambda it: [it.event.category.code],
    "events:site_calendar": lambda it: [it.site.code],
    "events:event": lambda it: [it.event.slug],
    "events:sharing_picture": lambda it: [it.event.slug],
    "events:duplicate": lambda it: [it.event.slug],
    "events:register": lambda it: [it.event.slug],
}
"""Address → what is there for everyone, or for everyone signed in who belongs to the house."""
STAFFS = {"members:hide_notice": "manager", "members:keep_notice": "manager"}
"""Address → the role it is for; the help board is of the whole house."""

WITH_A_KEY: dict[str, Callable[[Theirs], Args]] = {
    "bookings:rent_followed": lambda it: [won(it).key],
    "bookings:rent_change": lambda it: [won(it).key],
    "bookings:rent_withdraw": lambda it: [won(it).key],
    "bookings:rent_sheet": lambda it: [won(it).key],
    "bookings:rent_feedback": lambda it: [won(it).key],
    "bookings:rent_cancel": lambda it: [won(it).key],
    "bookings:rent_accept": lambda it: [won(it).key, 1],
    "bookings:rent_refuse": lambda it: [won(it).key, 1],
    "bookings:rent_quote_pdf": lambda it: [won(it).key, 1],
    "bookings:rent_document": lambda it: [won(it).key, it.document.seller.code, it.document.number],
    "report": lambda it: [link(it).key],
    "funder_report": lambda it: [link(it).key, issued(it).pk],
    "funder_report_pdf": lambda it: [link(it).key, issued(it).pk],
    "funder_report_csv": lambda it: [link(it).key, issued(it).pk],
    "members:take_back": lambda it: [closing(it).key],
    "members:join": lambda it: [it.invitation.key],
    "events:registration": lambda it: [it.registration.key],
    "events:accept": lambda it: [it.registration.key],
    "events:leave": lambda it: [it.registration.key],
    "events:address": lambda it: [it.registration.key],
    "events:registration_ics": lambda it: [it.registration.key],
    "events:ticket": lambda it: [Seat.objects.get(registration=it.registration).code],
    "events:feedback": lambda it: [it.registration.key],
}
"""Address → the object that its key opens; the same with another key is not there."""
ELSEWHERE = {
    "bookings:rent_picture": "files of public pages: tests/bookings",
    "events:picture": "files of public pages: tests/events",
    "members:photo": "a file, by the profile it is on: tests/members/test_directory.py",
    "first_password": "a token of Django's: tests/cantine/setup",
    "members:unsubscribe": "a ticket signed by us: tests/members/test_preferences.py",
}
"""Address → why no object of this world stands for it."""


def won(it: Theirs) -> RentalRequest:
    """The rental that was won there, with its first quote."""
    return RentalRequest.objects.get(site=it.site, state="won")


def link(it: Theirs) -> ReportLink:
    """A funder's link to the report of the site."""
    return ReportLink.objects.get(site=it.site)


def issued(it: Theirs) -> FrozenReport:
    """The report that was issued there."""
    return FrozenReport.objects.get(site=it.site)


def closing(it: Theirs) -> Closing:
    """The end of their account, which may be taken back."""
    return Closing.objects.get_or_create(
        user=it.user, defaults={"asked_at": world.AT, "due_at": world.AT + timedelta(days=9)}
    )[0]


def addresses(
    patterns: Sequence[URLPattern | URLResolver], inside: str = "", route: str = ""
) -> Iterator[tuple[str, str]]:
    """(name, access) of each address outside /gestion/ that names an object, from the URL conf."""
    for entry in patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.namespace not in ("admin", "mailbox"):  # the second is a developer's alone
                space = f"{inside}{entry.namespace}:" if entry.namespace else inside
                yield from addresses(entry.url_patterns, space, here)
        elif "<" in here:
            yield f"{inside}{entry.name}", access_of(entry.callback) or ""


def test_every_address_that_names_an_object_is_in_a_table_that_agrees_with_its_declaration() -> None:
    declared = dict(addresses(get_resolver().url_patterns))
    tables: list[Iterable[str]] = [PERSONAL, SEEN, WITH_A_KEY, STAFFS, ELSEWHERE]
    assert sorted(name for table in tables for name in table) == sorted(declared)
    assert {declared[name] for name in PERSONAL} == {SIGNED_IN, WITH_KEY}
    assert {name for name in PERSONAL if declared[name] == WITH_KEY} == OF_AN_ORDER
    assert {declared[name] for name in SEEN} == {PUBLIC, SIGNED_IN}
    assert {declared[name] for name in WITH_A_KEY} == {WITH_KEY}
    assert {name: declared[name] for name in STAFFS} == STAFFS


def proved(user: User) -> Client:
    """Signed in, and having just shown who they are."""
    client, request = signed_in(user), HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password", reauthenticated=True)
    request.session.save()
    return client


def codes(client: Client, name: str, args: Args) -> set[int]:
    """What it answers to who looks and to who acts, but for « not in this way »."""
    at = reverse(name, args=args)
    client.raise_request_exception = False
    return {client.get(at).status_code, client.post(at).status_code} - {405}


def test_what_is_a_persons_is_not_there_for_anyone_else(two: Two) -> None:
    it = of(two)
    others = [proved(User.objects.get(name="Personne Falaise")), proved(two.manager)]
    asked = {name: found(it) for name, found in PERSONAL.items()}
    opened = {name: codes(Client(), name, args) for name, args in asked.items()}
    assert {name: found for name, found in opened.items() if not found <= {302}} == {}
    for other in others:
        opened = {name: codes(other, name, args) for name, args in asked.items()}
        assert opened.pop("members:end_session") == {302}  # nothing ended: below
        assert {name: found for name, found in opened.items() if not found <= REFUSED} == {}
    assert UserSession.objects.filter(pk=it.session.pk).exists()
    assert it.organisation.affiliations.filter(pk=it.affiliation.pk).exists()


def test_its_owner_opens_it(two: Two) -> None:
    it = of(two)
    owner = proved(it.user)
    answers = {
        name: owner.get(reverse(name, args=found(it))).status_code
        for name, found in PERSONAL.items()
        if name not in FILES
    }
    assert {name: code for name, code in answers.items() if code not in (200, 202, 302, 405)} == {}


def test_what_is_for_everyone_or_for_the_house_opens(two: Two) -> None:
    it, declared = of(two), dict(addresses(get_resolver().url_patterns))
    member = signed_in(User.objects.get(name="Personne Falaise"))
    asked = {name: found(it) for name, found in SEEN.items()}
    shut = {name for name, args in asked.items() if codes(member, name, args) & REFUSED}
    alone = {name: codes(Client(), name, args) for name, args in asked.items()}
    wrong = {
        name: found
        for name, found in alone.items()
        if (found & REFUSED if declared[name] == PUBLIC else not found <= {302})
    }
    assert (shut, wrong) == (set(), {})
    for name in STAFFS:
        assert codes(member, name, [it.notice.slug]) <= {403}, name
        assert codes(two.client, name, [it.notice.slug]).isdisjoint(REFUSED), name


def test_a_key_opens_its_own_object_and_no_other(two: Two) -> None:
    it, hers = of(two), Site.objects.get(pk=two.hers.pk)
    asked = {name: found(it) for name, found in WITH_A_KEY.items()}
    shut = {
        name for name, args in asked.items() if name not in FILES and codes(Client(), name, args) & REFUSED
    }
    assert shut == set()
    for name, (key, *more) in asked.items():
        for client in (Client(), two.client):
            assert codes(client, name, ["x" * len(str(key)), *more]) <= REFUSED | {409}, name
    mine, theirs = ReportLink.objects.get(site=hers), issued(it)
    for name in ("funder_report", "funder_report_pdf", "funder_report_csv"):
        assert codes(Client(), name, [mine.key, theirs.pk]) == {404}, name
    other = RentalRequest.objects.get(site=hers, state="won").key
    paper = [other, it.document.seller.code, it.document.number]
    assert codes(Client(), "bookings:rent_document", paper) == {404}
