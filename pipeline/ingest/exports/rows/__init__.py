"""The rows of an export: their keys, cells and parties, as typed values."""
