"""The BI copy: the published tables as a DuckDB file and Parquet, in versions that are swapped in atomically."""
