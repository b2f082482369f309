"""Taking over what another tool knew: people, memberships and bookings to come, from tables (CSV)."""
