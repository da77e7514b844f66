"""Charts as SVG and PNG in one theme."""
