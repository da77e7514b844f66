"""Decisions of people on entities: merge, split, rename, role, group."""
