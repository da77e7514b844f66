"""How well the alerts find what was planted, and how often they cry where nothing was: `python -m bench.alerts`.

Belongs here: invented activity, usual methods to compare with, figures and their table. Does not belong here: the
detection itself (`pipeline.alerts`), the sample world.
"""
