"""What a named party does: trades, forwards, carries, clears or lends."""
