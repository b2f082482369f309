"""« À faire »: what waits for someone, one verb each; `gathering` calls what tells of each noun."""
