"""Where pictures are kept: of rentable spaces, and of problems."""

from members.pictures import Album

ALBUM = Album("rentals")
PROBLEMS = Album("problems")
