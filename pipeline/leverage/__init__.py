"""The week: what is known at its cut-off, frozen for good, compared with other weeks, told for one pair.

Belongs here: closed weeks, snapshots, differences, brief and mirror. Does not belong here: measures over bills (dbt).
"""
