"""The first manager: an account with the role, opened by a link that serves once or by a password typed."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from cantine.roles import MANAGER, give_role
from cantine.setup.answers import Section
from cantine.setup.writing import Report, put
from members.models import User


def write(section: Section, password: str, report: Report) -> User | None:
    """Step: make the manager, or give the role to someone who has an account; `password` may be empty.

    Whoever runs this command owns the machine: the address counts as verified.
    """
    section.only("email", "name", "language")
    email = section.text("email").lower()
    try:
        validate_email(email)
    except ValidationError:
        section.refuse("email", "write the manager's e-mail address, such as someone@example.org.")
        return None
    user = User.objects.filter(email=email).first()
    made = user is None
    if user is None:
        user = User(email=email)
        user.set_unusable_password()
    given = {name: section.values[name] for name in ("name", "language") if name in section.values}
    if not put(user, given, section=section, report=report, called=f"manager {email}"):
        return None
    if made:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if not user.is_active:
        section.refuse("email", "this account is closed: name someone else.")
        return None
    if MANAGER not in user.roles:
        give_role(user=user, role=MANAGER, by=None)
        report.say(f"manager {email}: has the role")
    if password and _is_strong(password, user, section):
        user.set_password(password)
        user.save(update_fields=["password"])
        report.say(f"manager {email}: password set")
    return user


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
    """A link that lets the manager choose a password once; it ends with that, or after three days."""
    key = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("first_password", args=[key, default_token_generator.make_token(user)])
    return f"{settings.PUBLIC_URL}{path}"
