"""Vendor exports: recognised by a mapping, read as one row per bill, written as releases of the eleven tables."""
