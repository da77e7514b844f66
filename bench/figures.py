"""`python -m bench.figures`: how many leverage figures a world of the real kind gets, and how often they are right.

The world is drawn with its expected rates, so that the true shares are known with hidden names revealed: thin pairs,
few large customers, shipments of unequal size, names withheld by firm and by bill, wrong and missing codes, uncertain
name variants. Seeds from 100 on are not those that any rule was set on.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from pipeline.settings import Settings, load_settings
from pipeline.thresholds import threshold
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.cutoff import AsOf, week_variables
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, build_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt

MONDAY: Final = date(2026, 11, 2)
AS_OF: Final = AsOf.of(MONDAY, MONDAY + timedelta(days=20))
WEEKS: Final = 156
YEAR: Final = 52
SELECT: Final = ("path:models/snapshot/measures", "path:models/snapshot/alternatives", "week_rule", "week_volume")
SELECT_MORE: Final = ("snap_tier", "snap_leverage_snapshot", "path:seeds/weekly")
GIVEN: Final = ("week_last_tier", "week_uncertain_bill", "week_scope")
OLD_BILLS: Final = 12
"""Bills of a supplier below which dependence was null before ruleset 1.2."""
SEEDS: Final = (100, 101, 102)
DORMANT: Final = 1 / 3
"""Suppliers of thin markets without a bill in the year."""
ROUNDING: Final = 1e-3
"""Of shares, from volumes of six digits."""
CELLS: Final = {
    "compete": "strong_low",
    "secure": "strong_high",
    "compare": "balanced_low",
    "longer_term": "balanced_high",
    "quote": "weak_low",
    "build": "weak_low",
    "partner": "weak_high",
}
"""The cell of each posture."""
FILL: Final = """
create schema if not exists snapshot;
create schema if not exists marts;
create or replace table snapshot.asof_week as
select $week as as_of_week, $monday::date as week_start_date,
    ($monday::date - date '1970-01-05') // 7 as week_number, $cut_off::date as cut_off, 'm1-000001' as er_version;
create or replace table snapshot.asof_shipment as
select shipment_id, identifier, supplier_id, consignee_id,
    case when supplier_id is null then 'redacted' else 'named' end as supplier_visibility,
    case when consignee_id is null then 'redacted' else 'named' end as consignee_visibility,
    supplier_id is not null as supplier_is_named, consignee_id is not null as consignee_is_named,
    ($monday::date - 7 * weeks_ago::integer)::date as week_start_date,
    (($monday::date - date '1970-01-05') // 7 - weeks_ago)::integer as week_number,
    ($monday::date - 7 * weeks_ago::integer)::date as arrival_date, 'CN' as origin_country_code,
    kg::decimal(18, 3) as weight_kg, (teu / 2)::decimal(18, 6) as containers, teu::decimal(18, 6) as teu,
    (case when teu > 0 then kg else 0 end)::decimal(18, 3) as sized_weight_kg, 'GOODS' as description
from bills_made;
create or replace table snapshot.asof_product as
select shipment_id, identifier, hs4, 'declared' as hs_source, 1::decimal(9, 6) as fraction from bills_made;
create or replace table snapshot.week_uncertain_bill as
select identifier, true as supplier_is_uncertain, false as consignee_is_uncertain from bills_made where is_uncertain;
create or replace table snapshot.week_scope as
select 'all' as side, null::integer as firm_key, null::varchar as hs_code;
create or replace table snapshot.week_last_tier as
select supplier_id, consignee_id, 'A' as tier from bills_made where false;
create or replace table marts.dim_supplier as
select distinct supplier_id, supplier_id as supplier_name, 'CN' as country_code, null::varchar as city,
    'unknown' as role, null::varchar as group_id from bills_made where supplier_id is not null;
create or replace table marts.dim_consignee as
select distinct consignee_id, consignee_id as consignee_name, 'unknown' as role, null::varchar as group_id
from bills_made where consignee_id is not null;
"""
TRUTH: Final = """
select
    rows.*,
    truth.share_of_supplier as true_share_of_supplier,
    truth.share_of_buyer as true_share_of_buyer,
    truth.hhi as true_hhi,
    truth.revealed_share_of_supplier,
    truth.revealed_share_of_buyer,
    markets.suppliers as true_suppliers,
    markets.visible as visible_suppliers
from snap_leverage_snapshot as rows
inner join truth using (supplier_id, consignee_id, hs4)
inner join markets using (hs4)
"""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """Bills, and what is true of each pair and product.

    Attributes:
        bills: one row a bill.
        truth: shares of each pair, expected and as shipped.
        markets: suppliers of each product.
    """

    bills: pa.Table
    truth: pa.Table
    markets: pa.Table


def main() -> None:
    """Measure and print one line a seed."""
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, help="worlds to draw")
    parser.add_argument("--suppliers", type=int, default=600, help="firms of a world that ship")
    parser.add_argument(
        "--thin-markets", action="store_true", help="few suppliers a product, a third of them dormant for a year"
    )
    parser.add_argument("--wrong-codes", type=float, default=0.03, help="part of the codes that name another product")
    given = parser.parse_args()
    for seed in given.seeds:
        with tempfile.TemporaryDirectory(prefix="import-leverage-figures-") as folder:
            rows = computed(
                load_settings(home=Path(folder)), draw(seed, given.suppliers, given.thin_markets, given.wrong_codes)
            )
        for name, value in judged(rows).items():
            print(f"seed {seed}  {name:<58}{value:8.3f}")


def draw(seed: int, suppliers: int, thin_markets: bool = False, wrong_codes: float = 0.03) -> World:
    """Return a world: buyers of one to three products, mostly of one supplier each; rates and sizes with long tails.

    In thin markets most products have one to three suppliers, some withheld on every bill and some dormant for a year.
    """
    random = np.random.default_rng(seed)
    products, consignees = max(suppliers // (2 if thin_markets else 15), 4), suppliers * 3 // 2
    # few products are crowded, some have a single supplier
    product_of = np.minimum((random.power(0.6, suppliers) * products).astype(int), products - 1)
    popularity = np.exp(random.normal(0, 1.3, suppliers))
    pairs = []
    for buyer in range(consignees):
        for product in random.choice(products, 1 + random.binomial(2, 0.25), replace=False):
            sellers = np.flatnonzero(product_of == product)
            count = min(len(sellers), 1 + random.poisson(0.5))
            if count:
                weights = popularity[sellers] / popularity[sellers].sum()
                pairs += [(seller, buyer, product) for seller in random.choice(sellers, count, False, weights)]
    supplier, consignee, product = np.array(pairs).T
    rate = np.clip(np.exp(random.normal(np.log(1.5), 1.3, len(supplier))), 0.1, 150)
    bulk = (product % 8 == 0) * 1e6 + 1e4
    size = np.exp(random.normal(0, 1, len(supplier)) + random.normal(0, 1, consignees)[consignee])
    expected = rate * size * bulk
    hides = [random.random(count) < 0.1 for count in (suppliers, consignees)]
    # a shipment is one to several bills of a week
    pair = np.repeat(np.arange(len(supplier)), random.poisson(rate * WEEKS / YEAR))
    shipment = np.repeat(np.arange(len(pair)), 1 + random.poisson(0.3, len(pair)))
    pair, weeks_ago = pair[shipment], random.integers(0, WEEKS, len(pair))[shipment]
    if thin_markets:
        is_there = (weeks_ago >= YEAR) | (random.random(suppliers) >= DORMANT)[supplier[pair]]
        pair, weeks_ago = pair[is_there], weeks_ago[is_there]
    count = len(pair)
    kilograms = size[pair] * bulk[pair] * np.exp(random.normal(0, 0.6, count))
    unnamed = [
        hidden[side[pair]] | (random.random(count) < 0.1)
        for hidden, side in zip(hides, (supplier, consignee), strict=True)
    ]
    code = np.where(random.random(count) < wrong_codes, random.integers(0, products, count), product[pair])
    has_code = random.random(count) >= 0.1
    hs4 = np.where(has_code, _names("", code + 1000), None)
    bills = pa.table(
        {
            "identifier": np.arange(count),
            "shipment_id": [md5(str(number).encode(), usedforsecurity=False).hexdigest() for number in range(count)],
            "supplier_id": pa.array(np.where(unnamed[0], None, _names("sup_", supplier[pair])), pa.string()),
            "consignee_id": pa.array(np.where(unnamed[1], None, _names("con_", consignee[pair])), pa.string()),
            "weeks_ago": weeks_ago,
            "hs4": pa.array(hs4, pa.string()),
            "kg": kilograms,
            "teu": np.where(bulk[pair] > 1e5, 0.0, kilograms / 1e4),
            "is_uncertain": random.random(count) < 0.03,
        }
    )
    # a share is of what ships under the firm's own name: the other name is revealed
    of_year = kilograms * (weeks_ago < YEAR)
    coded = has_code & (code == product[pair])
    under = [np.bincount(pair, of_year * counted, len(supplier)) for counted in (~unnamed[0], ~unnamed[1] & coded)]
    named = np.unique(supplier[pair][~unnamed[0]])
    return World(bills, _truth(supplier, consignee, product, expected, under), _markets(product_of, named))


def computed(settings: Settings, world: World) -> dict[str, npt.NDArray[Any]]:
    """Columns of the leverage rows that the weekly models make of a world, with what is true of them."""
    with warehouse(settings, read_only=False) as connection:
        connection.register("bills_made", world.bills)
        week, monday, cut_off = week_variables(AS_OF).values()
        for statement in FILL.split(";\n")[:-1]:
            given = {"week": week, "monday": monday, "cut_off": cut_off}
            connection.execute(statement, {name: value for name, value in given.items() if f"${name}" in statement})
    arguments = build_arguments(
        dbt_paths(settings), select=(*SELECT, *SELECT_MORE), exclude=(*GIVEN, UNIT_TESTS, "test_type:singular")
    )
    run_dbt(settings, arguments, as_of=AS_OF)
    with warehouse(settings) as connection:
        connection.register("truth", world.truth)
        connection.register("markets", world.markets)
        found: dict[str, npt.NDArray[Any]] = connection.execute(TRUTH).fetchnumpy()
    return {
        name: np.ma.filled(column, np.nan) if column.dtype.kind == "f" else column for name, column in found.items()
    }


def judged(rows: dict[str, npt.NDArray[Any]]) -> dict[str, float]:
    """What the issue asks of figures, and what the rules before gave."""
    volume = rows["volume_52w"].astype(float)
    power, has = rows["power"], ~np.isnan(rows["power"])
    rho = rows["refill_scale"] * (1 - rows["true_hhi"]) * rows["growth_ratio"]
    depends = rows["true_share_of_supplier"] * (1 - rho)
    true_power = depends - rows["true_share_of_buyer"] * (1 - rows["supplier_substitutability"])
    in_range = (true_power >= rows["power_low"]) & (true_power <= rows["power_high"])
    true_mutual = depends + rows["true_share_of_buyer"] * (1 - rows["supplier_substitutability"])
    first = np.ma.filled(rows["posture_first"], "")
    is_right = np.array([CELLS.get(name, "") for name in first]) == cells(true_power, true_mutual)
    is_given = has & (np.ma.filled(rows["posture"], "") != "undetermined")
    likelihood = rows["posture_first_share"].astype(float)
    in_bounds = [
        (rows[f"revealed_{share}"] >= rows[f"{share}_low"] - ROUNDING)
        & (rows[f"revealed_{share}"] <= rows[f"{share}_high"] + ROUNDING)
        for share in ("share_of_supplier", "share_of_buyer")
    ]
    interval = (rows["true_share_of_supplier"] >= rows["interval_low"]) & (
        rows["true_share_of_supplier"] <= rows["interval_high"]
    )
    seen = rows["alternatives_seen"].astype(float)
    has_market, is_visible = rows["true_suppliers"] > 1, rows["visible_suppliers"] > 1
    old = has & (rows["supplier_bills_52w"] >= OLD_BILLS)
    flag = rows["no_alt_suppliers_visible"].astype(bool)
    return {
        "rows": len(volume),
        "named volume with figures": volume[has].sum() / volume.sum(),
        "  of them at 12 bills of a supplier and more (old rule)": volume[old].sum() / volume.sum(),
        "rows with figures": has.mean(),
        "range of power holds the truth": in_range[has].mean(),
        "  weighted by volume": np.average(in_range[has], weights=volume[has]),
        "  width of the range, median": np.median((rows["power_high"] - rows["power_low"])[has]),
        "  width of the range, median by volume": _median(power, rows, volume, has),
        "interval of share_of_supplier holds the truth": interval.mean(),
        "bounds of share_of_supplier hold it, names revealed": in_bounds[0].mean(),
        "bounds of share_of_buyer hold it, names revealed": in_bounds[1].mean(),
        "posture determined": is_given[has].mean(),
        "  right, and its mean probability": is_right[is_given].mean(),
        "  ": likelihood[is_given].mean(),
        "  the likelier one of an undetermined row right, and its mean probability": is_right[has & ~is_given].mean(),
        "   ": likelihood[has & ~is_given].mean(),
        "buyers with a market that see graded alternatives": (seen > 0)[has_market].mean(),
        "  with one that the records show": (seen > 0)[is_visible].mean(),
        "no_alt_suppliers_visible": flag.mean(),
        "  right: no other supplier on a bill of three years": (flag == ~is_visible).mean(),
        "  right: no other supplier, seen or withheld": (flag == ~has_market).mean(),
        "  no alternative of grade A (old flag)": ((rows["alternatives"] == 0) == ~has_market).mean(),
    }


def cells(power: Floats, mutual: Floats) -> npt.NDArray[np.str_]:
    """Return the cell of each figure of power and mutual dependence, such as `weak_low`."""
    band = np.where(power >= threshold("power_strong"), "strong", "balanced")
    band = np.where(power <= -threshold("power_strong"), "weak", band)
    height = np.where(mutual >= threshold("mutual_high"), "_high", "_low")
    return np.char.add(band, height)


def _median(power: Floats, rows: dict[str, npt.NDArray[Any]], volume: Floats, has: npt.NDArray[np.bool_]) -> float:
    """Width of the range that half of the volume with figures has at most."""
    width = (rows["power_high"] - rows["power_low"])[has]
    order = np.argsort(width)
    part = np.cumsum(volume[has][order]) / volume[has].sum()
    return float(width[order][np.searchsorted(part, 0.5)]) if len(power) else np.nan


def _truth(supplier: Ints, consignee: Ints, product: Ints, expected: Floats, under: list[Floats]) -> pa.Table:
    """Return expected shares of each pair, and those of what was shipped in the year, the other name revealed."""
    wholes = np.bincount(supplier, expected)
    # a buyer's pairs are one a product and supplier; a supplier has one product
    bought = consignee * (product.max() + 1) + product
    others = wholes[supplier] - expected
    squares = np.bincount(supplier, expected**2)[supplier] - expected**2
    hhi = np.where(others > 1e-9 * expected, squares / np.maximum(others, 1e-12) ** 2, 1.0)
    return pa.table(
        {
            "supplier_id": _names("sup_", supplier),
            "consignee_id": _names("con_", consignee),
            "hs4": _names("", product + 1000),
            "share_of_supplier": expected / wholes[supplier],
            "share_of_buyer": expected / np.bincount(bought, expected)[bought],
            "hhi": np.minimum(hhi, 1.0),
            "revealed_share_of_supplier": under[0] / np.maximum(np.bincount(supplier, under[0])[supplier], 1e-9),
            "revealed_share_of_buyer": under[1] / np.maximum(np.bincount(bought, under[1])[bought], 1e-9),
        }
    )


def _markets(product_of: Ints, named: Ints) -> pa.Table:
    """Return the suppliers of each product, and how many of them a bill of three years names."""
    products, counts = np.unique(product_of, return_counts=True)
    visible = np.bincount(product_of[named], minlength=products.max() + 1)[products]
    return pa.table({"hs4": _names("", products + 1000), "suppliers": counts, "visible": visible})


def _names(kind: str, numbers: Ints) -> npt.NDArray[np.object_]:
    return np.array([f"{kind}{number:04}" for number in numbers], dtype=object)


if __name__ == "__main__":
    main()
