"""One row per named supplier and consignee: the sampling interval of its share, which DuckDB has no function for."""

import pyarrow as pa


def model(dbt, session):  # noqa: ARG001
    """Both ends of the interval at the ruleset's level."""
    from pipeline.detection.bounds import pair_interval

    dbt.config(materialized="table")
    pairs = dbt.ref("week_pair_share").select("supplier_key, consignee_key, share, effective_shipments").arrow()
    pairs = pairs.read_all() if isinstance(pairs, pa.RecordBatchReader) else pairs
    level = dbt.ref("week_rule").select("interval_level").fetchone()[0]
    low, high = pair_interval(pairs["share"].to_numpy(), pairs["effective_shipments"].to_numpy(), float(level))
    return pa.table(
        {
            "supplier_key": pairs["supplier_key"],
            "consignee_key": pairs["consignee_key"],
            "interval_low": pa.array(low, from_pandas=True),
            "interval_high": pa.array(high, from_pandas=True),
        }
    )
