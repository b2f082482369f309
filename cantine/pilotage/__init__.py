"""« Pilotage »: whether the place earns its keep, what was promised for it, and by when."""
