"""What is expected of a staged release: Great Expectations suites, one module a subject.

Belongs here: rules, limits and the reason for each. Does not belong here: figures, running (`pipeline.quality`).
"""
