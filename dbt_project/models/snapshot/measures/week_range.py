"""One row per leverage row: the intervals of both shares, the ranges of the axes and the two likeliest cells."""

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
SHARES = {"share_of_supplier": "product_shipments", "share_of_buyer": "buyer_shipments"}
"""Shares and the shipments that they rest on; week_interval has the shares of all that a supplier ships."""
RANGES = ("power_low", "power_high", "mutual_low", "mutual_high")


def model(dbt, session):  # noqa: ARG001
    """Ranges are null where the row has no axes."""
    from pipeline.detection.bounds import pair_interval
    from pipeline.detection.power_range import Cuts, cell_names, power_ranges

    dbt.config(materialized="table")
    names = (*KEYS, *SHARES, *SHARES.values(), *sorted(set(FIGURES.values())))
    rows = dbt.ref("week_power").select(", ".join(names)).arrow()
    rows = rows.read_all() if isinstance(rows, pa.RecordBatchReader) else rows
    rules = dbt.ref("week_rule").select("interval_level, power_strong, mutual_high").fetchone()
    cuts = Cuts(*map(float, rules))
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
    for share, shipments in SHARES.items():
        found_in = np.flatnonzero(rows[shipments].is_valid().to_numpy() & rows[share].is_valid().to_numpy())
        ends = np.full((2, rows.num_rows), np.nan)
        ends[:, found_in] = pair_interval(
            rows[share].to_numpy()[found_in], rows[shipments].to_numpy()[found_in], cuts.level
        )
        numbers |= {f"{share}_interval_low": ends[0], f"{share}_interval_high": ends[1]}
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
