"""Closed weeks: what is known at the cut-off, the frozen snapshot, its revisions and their differences."""
