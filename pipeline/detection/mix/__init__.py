"""Whether a supplier's customer mix shifted by more than chance brings."""
