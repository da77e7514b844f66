"""`leverage doctor`: a list of checks on everything that a run needs; each finding is ok or says what to do."""
