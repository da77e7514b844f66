"""Normalization: the words of a name and address, and the features that matching compares."""
