"""`python -m bench.week`: one closed week's candidate over warehouses of invented shipments, at two sizes.

The shipments are written straight as the tables that the weekly models read, three years of them, with the spread of
real ones in what costs: few large suppliers and many small, a quarter of names withheld, a third of bills without a
code, and records that came after the cut-off.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from bench.measure import measure
from bench.node_costs import NodeCosts, write_profiles
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import build_arguments, dbt_paths, week_arguments
from pipeline.warehouse.dbt_runner import run_dbt

FIRST: Final = date(2023, 11, 13)
DAYS: Final = 1099
MONDAY: Final = date(2026, 10, 26)
CUT_OFF: Final = MONDAY + timedelta(days=6 + 14)
SIZES: Final = (3_000_000, 15_000_000)
MEMORY_LIMIT: Final = "4500MiB"
"""For the engine alone."""
SLOWEST_SHOWN: Final = 8
PROFILED: Final = 8
GIB: Final = 1024**3
AIM_S: Final = 90
AIM_GIB: Final = 6

FILLED: Final = (
    "fct_shipment",
    "fct_shipment_product",
    "int_record",
    "int_record_hs",
    "int_shipment",
    "int_shipment_container",
    "int_record_container",
    "dim_supplier",
    "dim_consignee",
)
_DRAW: Final = """
create temp table bill as
select
    i,
    supplier,
    hash(supplier * 1000 + slot) % $consignees as consignee,
    slot,
    $first + cast(floor(u3 * $days) as integer) as arrival,
    u4,
    u5,
    u4 < 0.2 as supplier_is_hidden,
    u5 < 0.25 as consignee_is_hidden,
    lpad(cast(1000 + (supplier * 7 + slot % 3) % 1200 as varchar), 4, '0') as hs4
from (
    select
        i,
        -- supplier n of s has a size that falls with its number; it serves up to ten customers, few of them well
        cast(floor($suppliers * pow(hash(i * 7 + 1) / 18446744073709551616.0, 2.5)) as bigint) as supplier,
        cast(floor(pow(hash(i * 7 + 2) / 18446744073709551616.0, 3) * 10) as bigint) as slot,
        hash(i * 7 + 3) / 18446744073709551616.0 as u3,
        hash(i * 7 + 4) / 18446744073709551616.0 as u4,
        hash(i * 7 + 5) / 18446744073709551616.0 as u5
    from range($bills) as drawn (i)
)
"""
_FILL: Final = """
insert into dim_supplier by name
select
    'sup_' || left(md5('s' || i), 16) as supplier_id, 'WORKS ' || (i % 50000) as supplier_name, 'unknown' as role,
    ['CN', 'VN', 'IN', 'DE', 'IT'][1 + i % 5] as country_code, 'CITY ' || (i % 300) as city,
    1 as spellings, 0.95 as confidence, $first as first_seen_date, $first as last_seen_date
from range($suppliers) as drawn (i);
insert into dim_consignee by name
select
    'con_' || left(md5('c' || i), 16) as consignee_id, 'STORES ' || (i % 50000) as consignee_name, 'unknown' as role,
    1 as spellings, 0.95 as confidence, $first as first_seen_date, $first as last_seen_date
from range($consignees) as drawn (i);
insert into fct_shipment by name
select
    md5(cast(i as varchar)) as shipment_id, i as identifier, 'M' || i as master_bol_number, '' as house_bol_number,
    '' as sub_house_bol_number, 'Regular Bill' as bill_type, 'AAAA' as carrier_scac,
    'VESSEL ' || (i % 5000) as vessel_name, '1' as voyage_number, arrival as arrival_date,
    cast(date_trunc('week', arrival) as date) as week_start_date, false as arrival_is_suspect,
    case when not supplier_is_hidden then 'sup_' || left(md5('s' || supplier), 16) end as supplier_id,
    case when not consignee_is_hidden then 'con_' || left(md5('c' || consignee), 16) end as consignee_id,
    case when u4 < 0.17 then 'redacted' when supplier_is_hidden then 'forwarder' else 'named' end
        as supplier_visibility,
    case when u5 < 0.2 then 'redacted' when consignee_is_hidden then 'order' else 'named' end
        as consignee_visibility,
    false as consignee_is_notify_party, ['CN', 'VN', 'IN', 'DE', 'IT'][1 + supplier % 5] as origin_country_code,
    'Shanghai' as foreign_port, 'Oakland' as us_port, cast(1000 + u4 * 20000 as decimal(18, 3)) as weight_kg,
    cast(1000 as decimal(18, 3)) as weight_raw, 'Kilograms' as weight_unit,
    cast(1 + i % 3 as decimal(18, 6)) as containers,
    cast(2 * (1 + i % 3) as decimal(18, 6)) as teu, cast(1000 + u4 * 20000 as decimal(18, 3)) as sized_weight_kg,
    'GOODS OF KIND ' || (supplier % 3000) || ' OF MATERIAL ' || (i % 100) || ' IN CARTONS, ORDER ' || i as description,
    supplier % 3000 * 100 + i % 100 + 1 as text_key,
    false as is_in_transit, 'New' as record_status, arrival as first_release_date, arrival + 2 as last_release_date,
    1 as versions, case when u4 < 0.3 then 'none' else 'declared' end as hs_source,
    case when u4 >= 0.3 then hs4 end as hs_code, case when u4 >= 0.3 then hs4 end as hs4
from bill;
insert into fct_shipment_product by name
select
    md5(cast(i as varchar)) as shipment_id, i as identifier, case when u4 >= 0.3 then hs4 end as hs4,
    case when u4 >= 0.3 then hs4 end as hs_code, case when u4 < 0.3 then 'none' else 'declared' end as hs_source,
    cast(case when u4 > 0.85 then 0.5 else 1 end as decimal(9, 6)) as fraction
from bill
union all by name
select
    md5(cast(i as varchar)) as shipment_id, i as identifier,
    lpad(cast(1000 + (supplier * 11 + 1) % 1200 as varchar), 4, '0') as hs4,
    lpad(cast(1000 + (supplier * 11 + 1) % 1200 as varchar), 4, '0') || '10' as hs_code, 'declared' as hs_source,
    cast(0.5 as decimal(9, 6)) as fraction
from bill
where u4 > 0.85;
insert into int_record by name
select
    i as identifier, arrival + 2 as release_date, arrival + 2 as run_date, arrival as trade_update_date,
    i // 3 as family_key, 'M' || (i // 3) as master_bol_number, 'H' || i as house_bol_number,
    '' as sub_house_bol_number, 'House Bill' as bill_type, 'New' as record_status, 'VESSEL' as vessel_name,
    '1' as voyage_number, arrival as arrival_date, cast(5 as decimal(18, 3)) as weight_kg
from bill;
insert into int_record_hs by name
select
    i as identifier, arrival + 2 as release_date, hs4 as hs_code, hs4, 'declared' as hs_source, 1 as code_number,
    case when u4 > 0.85 then 2 else 1 end as codes
from bill
where u4 >= 0.3
union all by name
select
    i as identifier, arrival + 2 as release_date,
    lpad(cast(1000 + (supplier * 11 + 1) % 1200 as varchar), 4, '0') || '10' as hs_code,
    lpad(cast(1000 + (supplier * 11 + 1) % 1200 as varchar), 4, '0') as hs4, 'declared' as hs_source, 2 as code_number,
    2 as codes
from bill
where u4 > 0.85;
insert into int_shipment by name
select
    i as identifier, i // 3 as family_key, 0 as use_of_number, 'in_force' as bill_state,
    arrival + 2 as first_release_date, arrival + 2 as last_release_date, 1 as versions
from bill;
insert into int_record_container by name
select
    i as identifier, arrival as release_date, i // 2 as voyage_container_key, 'C' || (i // 2) as container_number,
    cast(2 as decimal(9, 2)) as teu, arrival as arrival_date, cast(1 as decimal(18, 6)) as kg_in_container
from bill;
insert into int_shipment_container by name
select
    i as identifier, i // 2 as voyage_container_key, 0 as arrival_number, 'C' || (i // 2) as container_number,
    cast(2 as decimal(9, 2)) as container_teu, cast(0.5 as decimal(18, 6)) as containers
from bill;
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.week", description=__doc__)
    parser.add_argument("--bills", type=int, nargs="+", default=SIZES, help="shipments in the warehouse")
    parser.add_argument("--folder", type=Path, help="where to work; kept [a temporary folder, removed]")
    parser.add_argument(
        "--profile", action="store_true", help="print CPU, memory and rows of each node; DuckDB's profiles go to FOLDER"
    )
    given = parser.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="import-leverage-week-"))
    took = []
    try:
        for bills in given.bills:
            home = folder / str(bills)
            if not home.exists():
                fill(load_settings(home=home), bills)
            run = measure(
                ["-m", "bench.week", "build", str(home), *(["--profile"] if given.profile else [])],
                folder / f"{bills}.log",
                {"LEVERAGE_HOME": str(home)},
            )
            measured = json.loads(run.output.strip().splitlines()[-1])
            took.append(run.seconds)
            rows = ", ".join(f"{count:,} {table}" for table, count in measured["rows"].items())
            print(
                f"week over {bills:>11,} bills {run.seconds:8.1f} s (aim {AIM_S})   "
                f"peak {run.peak_bytes / GIB:.1f} GiB (aim {AIM_GIB})   {rows}"
            )
            print("              " + "  ".join(f"{name} {seconds:.1f}" for name, seconds in measured["slowest"]))
            print("\n".join(measured["profile"]))
        if len(took) > 1:
            times = given.bills[-1] / given.bills[0]
            print(f"growth        {took[-1] / took[0]:8.2f}     for {times:.1f} times the bills")
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


def fill(settings: Settings, bills: int) -> None:
    """A warehouse of invented shipments."""
    run_dbt(settings, build_arguments(dbt_paths(settings)))
    with warehouse(settings, read_only=False) as connection:
        connection.execute("set preserve_insertion_order = false")
        for table in FILLED:
            connection.execute(f"delete from {table}")
        sizes = {"suppliers": bills // 60, "consignees": bills // 40}
        _run(connection, _DRAW, {**sizes, "bills": bills, "first": FIRST, "days": DAYS})
        for statement in _FILL.split(";\n"):
            _run(connection, statement, {**sizes, "first": FIRST})


def _run(connection, statement: str, values: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    connection.execute(statement, {name: value for name, value in values.items() if f"${name}" in statement})


def build(home: Path, *, profile: bool = False) -> None:
    """Build the weekly tables and print the slowest models; with `profile`, the cost of each node too."""
    settings = load_settings(home=home, memory_limit=MEMORY_LIMIT)
    costs = NodeCosts()
    started = time.monotonic()
    arguments = week_arguments(dbt_paths(settings))
    results = run_dbt(settings, arguments, costs if profile else None, as_of=AsOf.of(MONDAY, CUT_OFF)).results
    seconds = time.monotonic() - started
    slowest = sorted(((item.node.name, item.execution_time) for item in results), key=lambda item: -item[1])
    with warehouse(settings) as connection:
        rows = {
            table: _rows(connection, table) for table in ("snap_tier", "snap_leverage_snapshot", "snap_alternative")
        }
        lines = list(_profile(connection, results, costs, home.parent / f"{home.name}.profile")) if profile else []
    print(json.dumps({"seconds": seconds, "slowest": slowest[:SLOWEST_SHOWN], "rows": rows, "profile": lines}))


def _profile(
    connection: duckdb.DuckDBPyConnection, results: Sequence[Any], costs: NodeCosts, folder: Path
) -> Iterator[str]:
    """Write the profiles of the dearest SQL models and yield a line for each model, and one for all data tests."""
    dearest = sorted(
        (item.node for item in results if item.node.resource_type == "model"),
        key=lambda node: -costs.of[node.unique_id].cpu_s,
    )
    statements = [(node.name, node.compiled_code) for node in dearest if node.language == "sql"]
    write_profiles(connection, statements[:PROFILED], folder)
    for node in dearest:
        cost = costs.of[node.unique_id]
        rows = _rows(connection, node.name)
        yield f"{cost.cpu_s:8.2f} s CPU {cost.peak_bytes / GIB:5.2f} GiB {rows:>12,} {node.name}"
    tests = [costs.of[item.node.unique_id].cpu_s for item in results if item.node.resource_type == "test"]
    yield f"{sum(tests):8.2f} s CPU in {len(tests)} data tests"
    yield f"{sum(cost.cpu_s for cost in costs.of.values()):8.2f} s CPU in all nodes"


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int((connection.execute(f"select count(*) from {table}").fetchone() or (0,))[0])


if __name__ == "__main__":
    build(Path(sys.argv[2]), profile="--profile" in sys.argv) if sys.argv[1:2] == ["build"] else main()
