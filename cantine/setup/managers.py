"""Managers and the treasurer: accounts opened by a link that serves once, or by a password typed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from bookings.models import Site, StaffSite
from cantine.roles import MANAGER, TREASURER, give_role
from cantine.setup.answers import Section
from cantine.setup.writing import Report, put
from members.models import User


@dataclass
class Named:
    """Whom the answers name, and which accounts were made for it just now."""

    people: list[User] = field(default_factory=list)
    made: set[int] = field(default_factory=set)


def write(section: Section, password: str, named: Named, report: Report) -> None:
    """Step: make the first manager, of every site; `password` may be empty."""
    section.only("email", "name", "language")
    if (user := _person(section, "manager", named, report)) is None:
        return
    _make_manager(user, section, None, report)
    if password and _is_strong(password, user, section):
        user.set_password(password)
        user.save(update_fields=["password"])
        report.say(f"manager {user.email}: password set")


def write_more(sections: Iterable[Section], named: Named, report: Report) -> None:
    """Step: make managers, each of the sites named by their codes, or of all."""
    for section in sections:
        section.only("email", "name", "language", "sites")
        wanted = list(_sites_of(section)) if "sites" in section.values else None
        if (user := _person(section, "manager", named, report)) is not None:
            _make_manager(user, section, wanted, report)


def write_treasurer(section: Section, named: Named, report: Report) -> None:
    """Step: make the treasurer, where this run makes the account.

    Nothing is kept of a role that was taken back: an account that is there already may have been one, so
    that the role is given by name.
    """
    section.only("email", "name", "language")
    user = _person(section, "treasurer", named, report)
    if user is None or TREASURER in user.roles:
        return
    if user.pk not in named.made:
        section.refuse(
            "email",
            "this account is there already, and may have been the treasurer's once:"
            f" manage.py role {user.email} --give treasurer.",
        )
        return
    give_role(user=user, role=TREASURER, by=None)
    report.say(f"treasurer {user.email}: has the role")


def _person(section: Section, called: str, named: Named, report: Report) -> User | None:
    """Find or make an account; whoever runs this command owns the machine: the address counts as verified."""
    email = section.text("email").lower()
    try:
        validate_email(email)
    except ValidationError:
        section.refuse("email", f"write the {called}'s e-mail address, such as someone@example.org.")
        return None
    user = User.objects.filter(email=email).first()
    made = user is None
    if user is None:
        user = User(email=email)
        user.set_unusable_password()
    given = {name: section.values[name] for name in ("name", "language") if name in section.values}
    if not put(user, given, section=section, report=report, called=f"{called} {email}"):
        return None
    if made:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        named.made.add(user.pk)
    if not user.is_active:
        section.refuse("email", "this account is closed: name someone else.")
        return None
    if user not in named.people:
        named.people.append(user)
    return user


def _make_manager(user: User, section: Section, sites: Sequence[Site] | None, report: Report) -> None:
    """Give the role to who never had it: what was decided since, in /gestion/, is not undone by a file."""
    rows = StaffSite.objects.filter(user=user)
    codes = "" if sites is None else f" --sites {','.join(site.code for site in sites)}"
    again = f"manage.py role {user.email} --give manager{codes}"
    if MANAGER in user.roles:
        wanted = None if sites is None else {site.pk for site in sites}
        if wanted is not None and wanted != set(rows.current().values_list("site", flat=True)):
            section.refuse("sites", f"other sites were given since; to give these: {again}.")
    elif rows.exists():
        section.refuse("email", f"was a manager, and is one no more; to give the role again: {again}.")
    elif sites is None or sites:
        give_role(user=user, role=MANAGER, by=None, sites=sites)
        where = "" if sites is None else f", of {', '.join(site.code for site in sites)}"
        report.say(f"manager {user.email}: has the role{where}")


def _sites_of(section: Section) -> Iterator[Site]:
    given = section.values["sites"]
    known = {site.code: site for site in Site.objects.order_by("code")}
    if not isinstance(given, list) or not given:
        section.refuse("sites", 'write codes as a list, such as ["rouen"], or leave it out for all sites.')
        return
    for code in given:
        if code in known:
            yield known[code]
        else:
            section.refuse("sites", f"no site has the code {code}; known are {', '.join(known)}.")


def _is_strong(password: str, user: User, section: Section) -> bool:
    try:
        validate_password(password, user)
    except ValidationError as error:
        section.refuse("", f"this password is refused. {' '.join(error.messages)}")
        return False
    return True


def needs_a_link(user: User) -> bool:
    """Whether nobody has chosen a password yet."""
    return not user.has_usable_password()


def link_for(user: User) -> str:
    """A link that lets someone choose a password once; it ends with that, or after three days."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("first_password", args=[key, default_token_generator.make_token(user)])
    return f"{settings.PUBLIC_URL}{path}"
