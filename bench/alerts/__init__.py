"""How well the alerts find what was planted, and how often they cry where nothing was: `python -m bench.alerts`."""
