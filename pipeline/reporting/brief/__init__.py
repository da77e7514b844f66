"""The negotiation brief of one pair."""
