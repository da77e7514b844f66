"""A document of sections and figures, and its rendering as text and HTML."""
