"""Why a backup is not made, not believed or not restored."""


class BackupFailed(Exception):
    """Nothing was kept, or nothing was restored; the message is one line for whoever runs the command."""
