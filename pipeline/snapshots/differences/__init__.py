"""Why two snapshots differ: the change of each figure, split by causes."""
