"""A vendor's file as one table of text, its sheet, header row and format recognised."""
