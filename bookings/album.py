"""Where the pictures of rentable spaces are kept."""

from members.pictures import Album

ALBUM = Album("rentals")
