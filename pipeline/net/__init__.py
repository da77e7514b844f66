"""Checks and retries for connections to other machines, shared by sources and delivery."""
