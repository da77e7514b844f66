"""Read a landed release: text files to typed rows, with every row accounted for.

Belongs here: the layout of the 11 tables, finding and setting aside what cannot be loaded, masking personal data,
staging a release and promoting it to raw. Does not belong here: whether the rows make sense (see `pipeline.quality`).
"""
