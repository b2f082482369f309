"""The e-mails people may do without, by topic; what law or contract owes has none, and is always sent."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.messages import kinds
from members.models import OptOut, User

REMINDERS, EVENTS, NOTICES, DIGEST = "reminders", "events", "notices", "digest"
SALT = "members.opt_out"


@dataclass(frozen=True)
class Topic:
    """One switch: what it is called, and what is lost without it."""

    code: str
    label: str | Promise
    note: str | Promise


TOPICS = (
    Topic(
        REMINDERS,
        _("Rappels"),
        _("La veille d’une réservation ou d’un événement."),
    ),
    Topic(EVENTS, _("Événements"), _("Après un événement\u00a0: les remerciements et la demande d’avis.")),
    Topic(NOTICES, _("Entraide"), _("Les réponses à vos annonces, et leur échéance.")),
    Topic(DIGEST, _("Lettre de la semaine"), _("Ce qui se prépare à la Cantine, une fois par semaine.")),
)


def offered() -> list[Topic]:
    """Those that some e-mail belongs to: a switch without an effect would be a lie."""
    there = {kind.topic for kind in kinds.registered()}
    return [each for each in TOPICS if each.code in there]


def wants(who: User | str, topic: str) -> bool:
    """Whether a person, or an address, takes the e-mails of a topic; without a word of theirs, yes."""
    email = who if isinstance(who, str) else who.email
    return not OptOut.objects.filter(email=email.lower(), topic=topic).exists()


def link_of(email: str, topic: str) -> str:
    """The private address by which whoever reads the e-mail does without the next ones."""
    ticket = signing.dumps([email.lower(), topic], salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('members:unsubscribe', args=[ticket])}"


def read_link(ticket: str) -> tuple[str, Topic] | None:
    """Whose e-mails of which topic; None for a link we did not make. Old e-mails keep theirs for ever."""
    try:
        email, code = signing.loads(ticket, salt=SALT)
        return str(email), next(each for each in TOPICS if each.code == code)
    except (signing.BadSignature, ValueError, TypeError, StopIteration):
        return None
