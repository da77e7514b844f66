"""Alerts as a recipient reads them: sentences, pictures, digests, lists."""
