"""The digest and the alert as mail."""
