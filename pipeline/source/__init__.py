"""Fetch a release: from the source's files to unchanged bytes in `landing/`, and the journal of outcomes.

Belongs here: where a release's files lie, how they are fetched and proven whole, where their bytes are kept.
Does not belong here: what stands inside a file (see `pipeline.records`).
"""
