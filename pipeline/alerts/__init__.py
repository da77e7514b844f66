"""Alerts: the watchlist, who is affected, the text of an alert and its state; `pipeline.detection` finds them."""
