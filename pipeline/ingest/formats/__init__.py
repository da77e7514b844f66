"""Layouts of the files that can be read."""
