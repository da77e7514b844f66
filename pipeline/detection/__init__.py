"""Detection of changes in a supplier's customers: pure functions over arrays, without settings, dbt or files."""
