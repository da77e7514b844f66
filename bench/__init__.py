"""How fast and how large: ratios to a floor that is measured in the same run."""
