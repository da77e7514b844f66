"""The gate between staged and raw: figures of staged releases, and `expectations/` run on them.

Belongs here: the profile that DuckDB makes, the adapter to Great Expectations, results and their pages.
Does not belong here: what is expected (see `expectations`), what follows from a result (see `pipeline.defs`).
"""
