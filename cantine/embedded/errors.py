"""What can go wrong while starting, each in one line that says what to do."""


class CannotStart(Exception):
    """Something embedded cannot start; the message is the one line shown to whoever asked."""
