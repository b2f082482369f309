"""What a worker that was killed had taken and not finished, given back."""

from typing import Any

from cantine.celery import app


def restore_unacknowledged() -> int:
    """Put every task that a dead worker holds back into its queue; returns how many.

    Only when no worker runs: otherwise they would wait an hour, the visibility timeout.
    """
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel  # the transport's own, which knows what is unacknowledged
        with channel.conn_or_acquire() as client:
            tags = client.hkeys(channel.unacked_key)
            for tag in tags:
                channel.qos.restore_by_tag(tag.decode() if isinstance(tag, bytes) else tag, client)
    return len(tags)
