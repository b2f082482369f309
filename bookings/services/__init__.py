"""What can be done with sites, spaces and bookings."""
