"""Delivery of digests and critical alerts: messages, channels and the outbox."""
