"""Dagster definitions: assets, checks, jobs, schedules, resources. No other stage imports Dagster."""
