"""Landing of releases: unchanged bytes with their provenance, and their retention."""
