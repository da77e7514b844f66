"""The world: firms, pairs, bookings and sailings, drawn from a seed."""
