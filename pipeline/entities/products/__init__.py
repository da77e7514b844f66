"""A text model that assigns a heading to bills without an HS code."""
