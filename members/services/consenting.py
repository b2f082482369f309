"""The house rules: which version is in force, who agreed to it, and agreeing."""

from datetime import date, datetime

from members.formats import known
from members.models import Consent, Page, User
from members.transactions import own_transaction

RULES = "reglement-interieur"


def rules_in_force(day: date, language: str) -> Page | None:
    """The version people are asked about, in their language or else in French; None where there is none."""
    pages = Page.objects.on(day).filter(slug=RULES)
    return pages.filter(language=known(language)).first() or pages.filter(language="fr").first()


def latest_consent(user: User) -> Consent | None:
    """What this person agreed to last."""
    return Consent.objects.filter(user=user, slug=RULES).order_by("-version").first()


def must_agree(user: User, page: Page | None) -> bool:
    """Whether this person has still to be asked about `page`."""
    return page is not None and not Consent.objects.to(page).filter(user=user).exists()


@own_transaction
def agree(*, user: User, page: Page, now: datetime) -> Consent:
    """Write down that a person agreed to this version; twice is once, with its first time."""
    given, _made = Consent.objects.get_or_create(
        user=user, slug=page.slug, version=page.version, defaults={"language": page.language, "given_at": now}
    )
    return given
