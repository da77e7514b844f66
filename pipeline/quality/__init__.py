"""The gate between staged and raw: figures of a staged release, and `expectations/` run on them."""
