"""Runs in this process, each with its report: a night, a range, a week, a rebuild."""
