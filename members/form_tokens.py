"""The sign a form that anyone may send carries: of its page, when that was made, and good for once.

Nothing is stored when a page is made: the sign is signed with its time. That it serves once is for whoever
takes the form to keep, with what was sent.
"""

from enum import Enum

from django.conf import settings
from django.core import signing

from members.keys import new_key

SALT = "members.form_tokens"
LASTS = 24 * 3600


class Trouble(Enum):
    """What is wrong with a sign."""

    FORGED = "forged"
    QUICK = "quick"
    OLD = "old"


def issue() -> str:
    """A new sign, of this second."""
    return signing.TimestampSigner(salt=SALT).sign(new_key())


def read(sign: str) -> str | Trouble:
    """The token in a sign, or what is wrong with it."""
    signer = signing.TimestampSigner(salt=SALT)
    try:
        token = signer.unsign(sign, max_age=LASTS)
    except signing.SignatureExpired:
        return Trouble.OLD
    except signing.BadSignature:
        return Trouble.FORGED
    try:
        signer.unsign(sign, max_age=settings.FORM_TAKES_SECONDS)
    except signing.SignatureExpired:
        return token
    return Trouble.QUICK if settings.FORM_TAKES_SECONDS else token
