"""The gate between staged and raw: a profile of the staged rows, and the suites of `expectations/` run on it."""
