"""Documents for people: brief, mirror, weekly report and mail."""
