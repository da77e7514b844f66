"""Blocking, scoring and clustering of name variants."""
