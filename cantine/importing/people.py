"""People, by e-mail address: new ones get an account without a password, the others keep what they say."""

from collections.abc import Sequence
from functools import partial

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from cantine.importing.reading import Column, Row, plain
from cantine.importing.values import address, short
from cantine.importing.verdicts import ADD, CHANGE, SAME, Context, Seen, Verdict
from cantine.roles import COWORKER
from members.models import Affiliation, Organisation, User

BATCH = 500
COLUMNS = (
    Column("email", "adresse électronique", ("e-mail", "mail", "courriel", "adresse mail"), required=True),
    Column("name", "prénom et nom", ("nom complet", "nom", "full name")),
    Column("language", "langue", ("language",)),
    Column("organisation", "organisation", ("entreprise", "société", "association", "company")),
)
EXAMPLE = ("camille@cantine.example", "Camille Exemple", "français", "")
LANGUAGES = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en"}


def language(text: str) -> str:
    """One of our languages."""
    try:
        return LANGUAGES[plain(text)]
    except KeyError:
        raise ValueError(_("Écrivez français ou anglais.")) from None


def judge(rows: Sequence[Row], context: Context) -> list[Verdict]:
    """Read each row and say what it would do; two queries."""
    verdicts, seen = [Verdict(row) for row in rows], Seen()
    for verdict in verdicts:
        email = verdict.take(
            "email", address, needed=_("Sans adresse électronique, on ne sait pas qui c’est.")
        )
        verdict.take("name", partial(short, most=120))
        verdict.take("language", language)
        verdict.take("organisation", partial(short, most=160))
        if email and (line := seen.first_line(email, verdict.row.line)):
            verdict.refuse("email", _("Cette personne est déjà à la ligne %(line)s.") % {"line": line})
    good = [verdict for verdict in verdicts if not verdict.is_wrong]
    there = _there(good)
    belongs = set(
        Affiliation.objects.filter(user__in=[user.pk for user in there.values()]).values_list(
            "user__email", "organisation__name"
        )
    )
    belongs = {(email, name.casefold()) for email, name in belongs}
    for verdict in good:
        verdict.action = _action(verdict, there, belongs)
    return verdicts


def _there(verdicts: Sequence[Verdict]) -> dict[str, User]:
    emails = [verdict.values["email"] for verdict in verdicts]
    return {user.email: user for user in User.objects.filter(email__in=emails)}


def _action(verdict: Verdict, there: dict[str, User], belongs: set[tuple[str, str]]) -> str:
    values, user = verdict.values, there.get(verdict.values["email"])
    if user is None:
        return ADD
    joins = "organisation" in values and (user.email, values["organisation"].casefold()) not in belongs
    return CHANGE if joins or (values.get("name") and not user.name) else SAME


def write(verdicts: Sequence[Verdict], context: Context) -> None:
    """Step: make who is new, fill in what is empty, and put people with their organisations."""
    new = [verdict.values for verdict in verdicts if verdict.action == ADD]
    unusable = make_password(None)
    User.objects.bulk_create(
        (
            User(
                email=each["email"],
                name=each.get("name", ""),
                language=each.get("language", User.Language.FRENCH),
                password=unusable,
            )
            for each in new
        ),
        ignore_conflicts=True,  # somebody may have signed up a moment ago: the account is theirs
    )
    there = _there(verdicts)
    made = [there[each["email"]] for each in new]
    EmailAddress.objects.bulk_create(
        (EmailAddress(user=user, email=user.email, primary=True, verified=False) for user in made),
        ignore_conflicts=True,
    )
    coworkers = Group.objects.get(name=COWORKER)
    memberships = User.groups.through
    memberships._default_manager.bulk_create(
        (memberships(user_id=user.pk, group_id=coworkers.pk) for user in made), ignore_conflicts=True
    )
    _fill_in(verdicts, there)
    _join(verdicts, there)


def _fill_in(verdicts: Sequence[Verdict], there: dict[str, User]) -> None:
    named = []
    for verdict in verdicts:
        user = there[verdict.values["email"]]
        if verdict.values.get("name") and not user.name:
            user.name = verdict.values["name"]
            named.append(user)
    User.objects.bulk_update(named, ["name"])


def _join(verdicts: Sequence[Verdict], there: dict[str, User]) -> None:
    """Step: organisations by their names, whatever the case; nobody is given the right to spend."""
    wanted = {verdict.values["organisation"] for verdict in verdicts if "organisation" in verdict.values}
    if not wanted:
        return
    known = {each.name.casefold(): each for each in Organisation.objects.order_by("-pk")}
    for name in sorted(wanted):
        if name.casefold() not in known:
            known[name.casefold()] = Organisation.objects.create(name=name)
    Affiliation.objects.bulk_create(
        (
            Affiliation(
                user=there[verdict.values["email"]],
                organisation=known[verdict.values["organisation"].casefold()],
            )
            for verdict in verdicts
            if "organisation" in verdict.values
        ),
        ignore_conflicts=True,
    )
