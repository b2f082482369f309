"""Where the pictures of events are kept."""

from members.pictures import Album

ALBUM = Album("events")
