"""From a source's files to typed rows: landing, reading, quarantine, privacy and acceptance into raw."""
