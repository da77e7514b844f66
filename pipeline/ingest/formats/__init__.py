"""The layout of the files that can be read: the eleven AMS tables."""
