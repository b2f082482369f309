"""The clock that asks for what is due."""

from time import monotonic
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError, InterfaceError, close_old_connections

from cantine import heartbeats

SECONDS = 15


class Scheduler(PersistentScheduler):
    """Celery's scheduler in a file, which gives a sign of life."""

    noted = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due; also note that we do, unless the database is away."""
        if monotonic() - self.noted > SECONDS:
            self.noted = monotonic()
            close_old_connections()
            try:
                heartbeats.note("beat")
            except (DatabaseError, InterfaceError):
                self.logger.warning("the database is away, no sign of life was noted")
        return min(super().tick(*args, **kwargs), SECONDS)
