"""Landing of releases: unchanged bytes with their provenance, and how long they are kept."""
