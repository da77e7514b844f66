"""Alerts: the watchlist, who is affected by which alert, and its state; `pipeline.detection` finds them."""
