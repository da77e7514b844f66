"""`python -m bench.real_kind`: leverage figures of a world of the real kind, from files to figures, against its truth.

`python -m bench.real_kind [--home FOLDER]`

The world is the simulator's own (`simulator.world.world.REAL_KIND`: written files with withheld names, order bills,
forwarders, missing and guessed codes, thin pairs), so that matching and products err as they do. An entity is the firm
that most of its bills are of; true shares are expected ones, hidden names revealed. With `--home`, a home that
holds the world and its newest closed week; without, one is built (`leverage sample`, `backfill`, `publish`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pipeline.settings import Settings, load_settings
from pipeline.thresholds import CAPACITY_WEEKS
from pipeline.warehouse.connection import warehouse
from simulator import true_trade
from simulator.world.world import REAL_KIND

ENTITIES: Final = """
select {side}_id as entity_id, arg_max({side}, bills) as firm_id, max(bills) / sum(bills) as purity
from (
    select shipments.{side}_id, truth.{side}_id as {side}, count(*) as bills
    from asof_shipment as shipments inner join truth using (identifier)
    where shipments.{side}_id is not null group by all
)
group by {side}_id
"""
ROWS: Final = """
select rows.*, suppliers.firm_id as true_supplier, consignees.firm_id as true_consignee
from snap_leverage_snapshot as rows
inner join suppliers on rows.supplier_id = suppliers.entity_id
inner join consignees on rows.consignee_id = consignees.entity_id
"""
VISIBLE: Final = """
select distinct truth.hs4, truth.supplier_id as true_supplier
from asof_shipment as shipments
inner join truth using (identifier)
where shipments.supplier_visibility = 'named' and shipments.week_number > (select week_number from asof_week) - {weeks}
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.real_kind", description=__doc__)
    parser.add_argument("--home", type=Path, help="a home with the world and a published week [built, removed]")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="import-leverage-real-") as folder:
        home = given.home or build(Path(folder))
        for name, value in measured(load_settings(home=home)).items():
            print(f"{name:<66}{value:10.3f}")


def build(folder: Path) -> Path:
    """Write the world's files, load them and publish the newest closed week; return the home."""
    source, home = folder / "source", folder / "home"
    first, last = REAL_KIND.first, REAL_KIND.first + timedelta(days=REAL_KIND.days - 1)
    size = ("--days", REAL_KIND.days, "--bills-per-day", REAL_KIND.bills_per_day, "--seed", REAL_KIND.seed)
    for command in (
        ("sample", "--out", source, "--start", first, *size),
        ("backfill", "--start", first, "--end", last),
        ("publish",),
    ):
        environment = {"LEVERAGE_HOME": str(home), "LEVERAGE_SOURCE_URL": f"file://{source}"}
        subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *map(str, command)],
            check=True,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
        )
    return home


def measured(settings: Settings) -> dict[str, float]:
    """What issue 13 asks of figures in the newest computed week of a home."""
    with warehouse(settings) as connection:
        connection.register("truth", true_trade.deliveries(REAL_KIND))
        for side in ("supplier", "consignee"):
            connection.execute(f"create temp table {side}s as {ENTITIES.format(side=side)}")
        rows = connection.execute(ROWS).df()
        visible = connection.execute(VISIBLE.format(weeks=CAPACITY_WEEKS)).df()
        ((monday,),) = connection.execute("select week_start_date from asof_week").fetchall()
    return judged(_with_truth(rows, monday, visible))


def _with_truth(rows: pd.DataFrame, monday: object, visible: pd.DataFrame) -> pd.DataFrame:
    """Rows beside the true shares of their firms; `all` rows beside those of all products."""
    expected = true_trade.expected_volume(monday, spec=REAL_KIND).to_pandas()  # type: ignore[arg-type]
    for unit, column in (("kg", "kilograms"), ("teu", "boxes")):
        expected[unit] = expected[column]
    whole = expected.groupby(["supplier_id", "consignee_id"], as_index=False)[["kg", "teu"]].sum()
    every = pd.concat([expected, whole.assign(hs4="all")])
    keys = {"true_supplier": "supplier_id", "true_consignee": "consignee_id"}
    found = rows.merge(
        every.rename(columns={value: key for key, value in keys.items()})[[*keys, "hs4", "kg", "teu"]],
        on=[*keys, "hs4"],
        how="left",
    )
    in_teu = found["volume_unit"] == "teu"
    of_supplier = whole.groupby("supplier_id")[["kg", "teu"]].sum()
    squares = whole.assign(kg=whole["kg"] ** 2, teu=whole["teu"] ** 2).groupby("supplier_id")[["kg", "teu"]].sum()
    pair = found[list(keys)].merge(
        whole.rename(columns={value: key for key, value in keys.items()}), on=list(keys), how="left"
    )
    volume = np.where(in_teu, pair["teu"], pair["kg"])
    total = _of(of_supplier, found["true_supplier"], in_teu)
    found["true_x"] = volume / total
    others = total - volume
    hhi = (_of(squares, found["true_supplier"], in_teu) - volume**2) / np.where(others > 0, others, np.nan) ** 2
    found["true_hhi"] = np.where(others > 1e-9 * total, np.minimum(hhi, 1.0), 1.0)
    buyer_teu = found["buyer_volume_unit"] == "teu"
    bought = every.groupby(["consignee_id", "hs4"])[["kg", "teu"]].sum()
    at = pd.MultiIndex.from_frame(found[["true_consignee", "hs4"]])
    found["true_s"] = np.where(buyer_teu, found["teu"], found["kg"]) / _of(bought, at, buyer_teu)
    suppliers = every[every["hs4"] != "all"].groupby("hs4")["supplier_id"].nunique()
    found["true_suppliers"] = suppliers.reindex(found["hs4"]).fillna(0).to_numpy()
    shown = visible[visible["hs4"].notna()].groupby("hs4")["true_supplier"].nunique()
    own = visible.assign(is_there=True).set_index(["hs4", "true_supplier"])["is_there"]
    is_own = own.reindex(pd.MultiIndex.from_frame(found[["hs4", "true_supplier"]])).notna().to_numpy()
    found["visible_others"] = shown.reindex(found["hs4"]).fillna(0).to_numpy() - is_own
    return found


def _of(table: pd.DataFrame, keys: object, in_teu: pd.Series) -> np.ndarray:
    values = table.reindex(keys)
    return np.where(in_teu, values["teu"], values["kg"])


def judged(rows: pd.DataFrame) -> dict[str, float]:
    """Figures by kind of row: `all` products together, and single products."""
    found: dict[str, float] = {}
    for kind, part in (("all products", rows[rows["hs4"] == "all"]), ("a product", rows[rows["hs4"] != "all"])):
        found |= {f"{kind}: {name}": value for name, value in _judged(part).items()}
    products = rows[~rows["hs4"].isin(["all", "unknown"])]
    has_market = products["true_suppliers"] > 1
    flag = products["no_alt_suppliers_visible"].astype(bool)
    found["buyers with a market that see graded alternatives"] = (products["alternatives_seen"] > 0)[has_market].mean()
    found["no_alt_suppliers_visible"] = flag.mean()
    found["  right: no other supplier of the heading on a bill in three years"] = (
        flag == (products["visible_others"] <= 0)
    ).mean()
    found["  right: the heading has no other supplier, seen or hidden"] = (flag == ~has_market).mean()
    return found


def _judged(rows: pd.DataFrame) -> dict[str, float]:
    weight = rows["volume_52w"].astype(float) * np.where(rows["volume_unit"] == "teu", 1e4, 1.0)
    has = rows["power"].notna()
    rho = rows["refill_scale"] * (1 - rows["true_hhi"]) * rows["growth_ratio"]
    true_power = rows["true_x"] * (1 - rho) - rows["true_s"] * (1 - rows["supplier_substitutability"])
    known = has & true_power.notna()
    inside = (true_power >= rows["power_low"] - 1e-6) & (true_power <= rows["power_high"] + 1e-6)
    holds_x = (rows["true_x"] >= rows["interval_low"]) & (rows["true_x"] <= rows["interval_high"])
    width = rows["power_high"] - rows["power_low"]
    found = {
        "rows": float(len(rows)),
        "named volume with figures": weight[has].sum() / weight.sum(),
        "rows with figures": has.mean(),
        "  of them rows of a true pair": known.sum() / has.sum(),
        "range of power holds the truth": inside[known].mean(),
        "  weighted by volume": np.average(inside[known], weights=weight[known]),
        "  width of the range, median": width[known].median(),
        "interval of share_of_supplier holds the truth": holds_x[known].mean(),
        "posture determined": (rows["posture"] != "undetermined")[has].mean(),
        "  by volume": np.average((rows["posture"] != "undetermined")[has], weights=weight[has]),
    }
    for reason, count in rows["reason_code"].value_counts(normalize=True).items():
        found[f"without a figure: {reason}"] = float(count) * rows["reason_code"].notna().mean()
    return found


if __name__ == "__main__":
    main()
