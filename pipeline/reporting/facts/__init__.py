"""Figures of a published week with the bills behind them."""
