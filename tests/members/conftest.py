"""Kinds of messages that exist for these tests only."""

from collections.abc import Iterator

import pytest

from members.messages import attachments, kinds
from members.messages.attachments import Attachment


class Kitchen:
    """A registry one can steer: what `load` answers, whether the attachment is ready."""

    truth = True
    ready = True
    broken = False

    def load(self, ids: dict[str, object]) -> dict[str, object] | None:
        """Answer as told."""
        if self.broken:
            raise RuntimeError("Le modèle est faux")
        return ids if self.truth else None

    def attach(self, reference: str) -> Attachment | None:
        """Give a calendar, once it is ready."""
        content = f"BEGIN:VCALENDAR {reference}".encode()
        parameters = {"method": "REQUEST"}
        return Attachment("agenda.ics", content, "text/calendar", parameters) if self.ready else None


@pytest.fixture
def kitchen() -> Iterator[Kitchen]:
    """Register « account/password_set » with a load one can steer, and an attachment kind « essai »."""
    real, loaders = kinds.kind_of("account/password_set"), dict(attachments._loaders)
    steered = Kitchen()
    kinds._kinds["account/password_set"] = kinds.Kind("account/password_set", steered.load)
    attachments._loaders["essai"] = steered.attach
    yield steered
    kinds._kinds["account/password_set"] = real
    attachments._loaders.clear()
    attachments._loaders.update(loaders)
