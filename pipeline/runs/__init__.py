"""Runs in this process: one night, a range, a rebuild, an audit, each through Dagster or dbt, each with its report.

Belongs here: what the command line calls. Does not belong here: what a step does (`pipeline.defs`), printing.
"""
