"""Search over entities and explanations of their decisions."""
