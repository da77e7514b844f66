"""One row per leverage row: the interval of the buyer's side, the ranges of the axes and the two likeliest cells."""

import numpy as np
import pyarrow as pa

KEYS = ("supplier_key", "consignee_key", "hs4")
FIGURES = {
    "supplier_share": "named_share_of_supplier",
    "supplier_shipments": "supplier_named_shipments",
    "buyer_share": "named_share_of_buyer",
    "buyer_shipments": "buyer_named_shipments",
    "customer_substitutability": "customer_substitutability",
    "substitutability_low": "substitutability_low",
    "substitutability_high": "supplier_substitutability",
    "power": "power",
    "mutual": "mutual",
}
RANGES = ("power_low", "power_high", "mutual_low", "mutual_high")


def model(dbt, session):  # noqa: ARG001
    """Ranges are null where the row has no axes."""
    from pipeline.detection.bounds import pair_interval
    from pipeline.detection.power_range import Cuts, cell_names, power_ranges

    dbt.config(materialized="table")
    names = (*KEYS, "share_of_buyer", "buyer_shipments", *sorted(set(FIGURES.values())))
    rows = dbt.ref("week_power").select(", ".join(names)).arrow()
    rows = rows.read_all() if isinstance(rows, pa.RecordBatchReader) else rows
    rules = dbt.ref("week_rule").select("interval_level, power_strong, mutual_high").fetchone()
    cuts = Cuts(*map(float, rules))
    low, high = pair_interval(rows["share_of_buyer"].to_numpy(), rows["buyer_shipments"].to_numpy(), cuts.level)
    has_axes = np.flatnonzero(rows["power"].is_valid().to_numpy())
    figures = {name: rows[column].to_numpy()[has_axes].astype(float) for name, column in FIGURES.items()}
    found = power_ranges(figures, cuts)
    cells = np.stack([found[name] for name in cell_names()], axis=1)
    order = np.argsort(-cells, axis=1, kind="stable")[:, :2]
    parts = np.take_along_axis(cells, order, axis=1)

    def all_rows(values, missing):
        whole = np.full(rows.num_rows, missing, dtype=values.dtype)
        whole[has_axes] = values
        return whole

    numbers = {name: all_rows(found[name], np.nan) for name in RANGES}
    numbers |= {"share_of_buyer_interval_low": low, "share_of_buyer_interval_high": high}
    words = np.array(cell_names(), dtype=object)
    cells_found = {}
    for rank, name in enumerate(("first_cell", "second_cell")):
        numbers[f"{name}_share"] = all_rows(parts[:, rank], np.nan)
        cells_found[name] = pa.array(all_rows(words[order[:, rank]], None), pa.string())
    return pa.table(
        {name: rows[name] for name in KEYS}
        | {name: pa.array(values, from_pandas=True) for name, values in numbers.items()}
        | cells_found
    )
