"""Reading CSV files that are not well formed."""
