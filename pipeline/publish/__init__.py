"""What is handed out: the BI copy of the published tables, and the weekly report.

Belongs here: files for readers outside the pipeline. Does not belong here: any measure; it stands in the tables.
"""
