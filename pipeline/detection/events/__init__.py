"""Customers that stop, begin, fall silent or come back: how sure that is, and what it may be instead."""
