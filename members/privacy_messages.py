"""The e-mails about one's data: the copy is ready, the account is closed, or was not used for years."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.messages import kinds
from members.models import Closing, DataRequest


def load_copy(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give the private link, while the file is there."""
    found = DataRequest.objects.ready(timezone.now()).select_related("user").filter(pk=ids["request"]).first()
    if found is None:
        return None
    link = settings.PUBLIC_URL + reverse("members:copy", args=[found.key])
    return {"person": found.user, "link": link, "until": found.expires_at}


def load_closing(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give the link that takes it back, while there is time."""
    rows = Closing.objects.to_take_back(timezone.now()).select_related("user")
    found = rows.filter(pk=ids["closing"]).first()
    if found is None:
        return None
    link = settings.PUBLIC_URL + reverse("members:take_back", args=[found.key])
    return {"person": found.user, "link": link, "day": timezone.localdate(found.due_at)}


def load_unused(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Say when it ends; signing in is enough to keep it."""
    found = Closing.objects.standing().select_related("user").filter(pk=ids["closing"]).first()
    if found is None:
        return None
    return {"person": found.user, "day": timezone.localdate(found.due_at)}


def register() -> None:
    """Declare them."""
    kinds.register("privacy/copy_ready", load_copy, label=_("copie des données prête"))
    kinds.register("privacy/closing", load_closing, label=_("compte fermé"))
    kinds.register("privacy/unused", load_unused, label=_("compte inutilisé"))
