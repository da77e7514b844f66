"""`make demo`: the whole job on the embedded sample, and a look at what came of it.

Belongs here: the order of runs, the closing page. Does not belong here: the runs.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Final

from rich.table import Table

from pipeline import console
from pipeline.defs.partitions import is_sample
from pipeline.runs.backfill import backfill_days
from pipeline.runs.report import RunReport
from pipeline.runs.run import run_release_days
from pipeline.sample import FIRST_RELEASE, LAST_RELEASE
from pipeline.settings import Settings
from pipeline.warehouse import warehouse

SINGLE_NIGHTS: Final = 7
SHOWN_SUPPLIERS: Final = 2
SHORTEST_YEAR_BILLS: Final = 12
"""Fewer bills of a customer in a year are no pattern."""
WIDEST_GAPS: Final = """
with closed as (
    select cast(date_trunc('week', max(last_release_date) - cast($lateness as integer) - 6) as date) as week_start_date
    from fct_shipment
),
pair_year as (
    select pairs.supplier_id, pairs.consignee_id, sum(pairs.bills) as bills, sum(pairs.weight_kg) as kg
    from fct_pair_weekly as pairs
    cross join closed
    where
        pairs.week_start_date > closed.week_start_date - 364
        and pairs.week_start_date <= closed.week_start_date
    group by all
),
sources as (
    select consignee_id, count(distinct supplier_id) as suppliers
    from fct_pair_weekly
    group by consignee_id
),
ranked as (
    select
        *,
        sum(kg) over supplier as supplier_kg,
        count(*) over supplier as customers,
        min(bills) over supplier as fewest_bills,
        max(kg) over supplier / min(kg) over supplier as gap
    from pair_year
    window supplier as (partition by supplier_id)
),
few_customers as (
    select *, dense_rank() over (order by gap desc, supplier_id) as place
    from ranked
    where customers between 2 and 5 and fewest_bills >= $bills
)
select
    dim_supplier.supplier_name,
    dim_consignee.consignee_name,
    few_customers.bills,
    few_customers.kg,
    few_customers.kg / few_customers.supplier_kg as share,
    sources.suppliers - 1 as other_suppliers
from few_customers
inner join dim_supplier using (supplier_id)
inner join dim_consignee using (consignee_id)
inner join sources using (consignee_id)
where few_customers.place <= $suppliers
order by few_customers.place, few_customers.kg desc, dim_consignee.consignee_name
"""


def run_demo(settings: Settings) -> bool:
    """Load the sample's history as one range, its last nights singly, and print where the results lie."""
    if not is_sample(settings):
        console.err.print(
            "The demo shows the embedded sample, but LEVERAGE_SOURCE_URL names another source. Unset it, or load that "
            "source with `leverage backfill`.",
            style="red",
        )
        return False
    started = time.monotonic()
    turn = LAST_RELEASE - timedelta(days=SINGLE_NIGHTS)
    console.out.print(f"Loading {FIRST_RELEASE} to {turn} as one range ...")
    with console.Drawn() as progress:
        history = backfill_days(
            settings, FIRST_RELEASE, turn, recheck=False, chunk_days=None, progress=progress, waiting=console.waiting
        )
    console.print_report(_only_troubled(history))
    if not history.success:
        return False
    for night in range(1, SINGLE_NIGHTS + 1):
        day = turn + timedelta(days=night)
        with console.Drawn(quiet=True) as progress:
            report = run_release_days(settings, day, day, recheck=True, progress=progress, waiting=console.waiting)
        console.out.print(f"{day} {report.days[0].outcome} in {report.seconds:.1f} s")
        if not report.success:
            console.print_report(report)
            return False
    _close(settings, time.monotonic() - started)
    return True


def _only_troubled(report: RunReport) -> RunReport:
    """The report without its hundreds of days that went well."""
    return replace(report, days=tuple(day for day in report.days if day.outcome not in ("loaded", "skipped")))


def _close(settings: Settings, seconds: float) -> None:
    bound = {"lateness": settings.lateness_days, "bills": SHORTEST_YEAR_BILLS, "suppliers": SHOWN_SUPPLIERS}
    with warehouse(settings) as connection:
        counts = connection.execute(
            "select count(*), count(distinct supplier_id), count(distinct consignee_id) from fct_shipment"
        ).fetchone() or (0, 0, 0)
        rows = connection.execute(WIDEST_GAPS, bound).fetchall()
    shipments, suppliers, consignees = counts
    console.out.print(
        f"\n{shipments:,} shipments of {suppliers:,} suppliers to {consignees:,} consignees, loaded, checked and "
        f"modelled in {seconds:.0f} s.\n"
    )
    console.out.print("Who else buys there, and who has somewhere else to go? 52 closed weeks:\n")
    table = Table(box=None, pad_edge=False)
    for name in ("supplier", "customer"):
        table.add_column(name, no_wrap=True)
    for name in ("bills", "kg", "share", "other suppliers"):
        table.add_column(name, justify="right", no_wrap=True)
    for supplier, consignee, bills, kg, share, others in rows:
        table.add_row(supplier, consignee, f"{bills:,}", f"{kg:,.0f}", f"{share:.1%}", f"{others:,}")
    console.wide.print(table)
    home = settings.home
    console.out.print(
        "\nA share is of what the supplier ships by sea to customers whose names are public. "
        "All firms are invented.\n\n"
        f"  tables       {home / 'warehouse.duckdb'}\n"
        f"  checks       {home / 'validation' / 'index.html'}\n"
        f"  set aside    {home / 'quarantine'}\n\n"
        "Next: `make dev` shows the asset graph; docs/operating.md tells how to load your own feed.",
        markup=False,
    )
