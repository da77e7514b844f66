"""Thin Dagster wiring: one module a stage, each with a `definitions(settings)` that `pipeline.definitions` merges.

Belongs here: assets, checks, jobs, schedules, the in-process run. Does not belong here: how a stage does its work.
"""
