"""Delivery: digests and critical alerts as messages, the channels they go by, the outbox that loses none.

Belongs here: messages, channels, outbox, receipts. Does not belong here: what is worth telling (`alerts`).
"""
