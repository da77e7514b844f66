"""Runs in this process: a night, a range, a week, a rebuild, each with its report."""
