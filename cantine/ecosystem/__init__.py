"""The ecosystem: its file, the evidence drawn from it, the public map, and open data."""
