"""What events do: one verb function per use case."""
