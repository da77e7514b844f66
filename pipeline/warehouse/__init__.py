"""The DuckDB opener and the dbt runner."""
