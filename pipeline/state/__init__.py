"""Append-only journals and atomic file writes: what cannot be rebuilt from raw."""
