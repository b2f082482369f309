"""What the e-mails about organisations say, read when they go out."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from members.messages import kinds
from members.models import Affiliation, Invitation

Context = dict[str, Any] | None


def load_invitation(ids: dict[str, Any]) -> Context:
    """The link; not sent once it opens nothing."""
    rows = Invitation.objects.open_at(timezone.now()).select_related("organisation", "invited_by")
    invitation = rows.filter(pk=ids["invitation"]).first()
    if invitation is None:
        return None
    return {
        "organisation": invitation.organisation,
        "by": invitation.invited_by,
        "until": timezone.localtime(invitation.expires_at),
        "link": settings.PUBLIC_URL + invitation.get_absolute_url(),
    }


def load_joined(ids: dict[str, Any]) -> Context:
    """Who came; not said once they have left."""
    rows = Affiliation.objects.select_related("organisation", "user")
    affiliation = rows.filter(pk=ids["affiliation"]).first()
    if affiliation is None:
        return None
    organisation = affiliation.organisation
    return {
        "organisation": organisation,
        "person": affiliation.user,
        "role": affiliation.role.label,
        "link": settings.PUBLIC_URL + reverse("members:organisation", args=[organisation.pk]),
    }


def register() -> None:
    """Declare the e-mails of organisations; called from `apps.py:ready`."""
    kinds.register(
        "organisations/invitation", load_invitation, label=gettext_lazy("invitation dans une organisation")
    )
    kinds.register("organisations/joined", load_joined, label=gettext_lazy("arrivée dans une organisation"))
