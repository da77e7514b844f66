"""From a verdict of the checks to raw: which days passed, their promotion, and whether their rows are still there."""
