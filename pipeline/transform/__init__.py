"""The dbt runner: builds the warehouse from raw and state, in this process.

Belongs here: arguments, the call, closing its handles, its faults in words. Does not belong here: any SQL.
"""
