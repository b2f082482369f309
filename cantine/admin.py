"""What Django looks for to fill the manager's desk: the lists of this room, each kept with its topic."""

from cantine.pilotage import admin

__all__ = ["admin"]
