"""The text of the 11 AMS tables, one module a group of tables."""
