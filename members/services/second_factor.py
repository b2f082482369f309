"""What the operator does for who lost their second factor."""

import logging

from allauth.mfa.models import Authenticator
from django.db import transaction

from members.models import User
from members.services.sessions import end_sessions

log = logging.getLogger(__name__)


@transaction.atomic(durable=True)
def reset_second_factor(*, user: User) -> int:
    """Take away keys, application and recovery codes, and end every session. Returns how many factors."""
    rows = Authenticator.objects.filter(user=user)
    number = int(rows.count())
    rows.delete()
    end_sessions(user)
    log.warning("The second factor of person %s was taken away from the command line", user.pk)
    return number
