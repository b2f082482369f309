"""HTTP in and out of bookings: choose a desk, choose a room, look after one's own."""
