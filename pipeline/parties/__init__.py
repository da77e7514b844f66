"""Who is who: spellings of parties become entities, by decisions that are kept, explained and overruled.

Belongs here: new spellings, reading them, matching, the registry of decisions, search. Does not belong here: what bills
make of an entity (`dbt_project`), Dagster.
"""
