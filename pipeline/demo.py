"""`make demo`: the whole job on the embedded sample, and a look at what came of it.

Belongs here: the order of runs, the closing page. Does not belong here: the runs.
"""

from __future__ import annotations

import time
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
LARGEST_PAIRS: Final = """
with supplier_year as (
    select supplier_id, max(week_start_date) as week_start_date
    from fct_pair_weekly
    group by supplier_id
),
pair_year as (
    select pairs.supplier_id, pairs.consignee_id, sum(pairs.weight_kg) as kg, sum(pairs.bills) as bills
    from fct_pair_weekly as pairs
    where pairs.week_start_date > (select max(week_start_date) from fct_pair_weekly) - 364
    group by all
),
ranked as (
    select
        *,
        kg / sum(kg) over (partition by supplier_id) as share,
        count(*) over (partition by supplier_id) as customers,
        row_number() over (partition by supplier_id order by kg desc, consignee_id) as customer_rank
    from pair_year
)
select
    dim_supplier.supplier_name, dim_consignee.consignee_name, ranked.customer_rank, ranked.customers,
    ranked.bills, ranked.kg, ranked.share
from ranked
inner join dim_supplier using (supplier_id)
inner join dim_consignee using (consignee_id)
where ranked.supplier_id in (
    select supplier_id from ranked group by supplier_id having max(customers) between 2 and 4
    order by sum(kg) desc limit 3
)
order by sum(ranked.kg) over (partition by ranked.supplier_id) desc, ranked.customer_rank
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
    from dataclasses import replace

    return replace(report, days=tuple(day for day in report.days if day.outcome not in ("loaded", "skipped")))


def _close(settings: Settings, seconds: float) -> None:
    with warehouse(settings) as connection:
        counts = connection.execute(
            "select count(*), count(distinct supplier_id), count(distinct consignee_id), min(week_start_date), "
            "max(week_start_date) from fct_shipment"
        ).fetchone()
        rows = connection.execute(LARGEST_PAIRS).fetchall()
    if counts is None:
        return
    shipments, suppliers, consignees, first, last = counts
    console.out.print(
        f"\n[bold]{shipments:,} shipments[/bold] of {suppliers:,} suppliers to {consignees:,} consignees, weeks of "
        f"{first} to {last}, in {seconds:.0f} s.\n"
    )
    table = Table(title="Who else buys there? Suppliers with few named customers, last 52 weeks", title_justify="left")
    for name, justify in (
        ("supplier", "left"),
        ("customer", "left"),
        ("rank", "right"),
        ("bills", "right"),
        ("kg", "right"),
        ("share of named", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for supplier, consignee, rank, customers, bills, kg, share in rows:
        table.add_row(supplier, consignee, f"{rank} of {customers}", f"{bills:,}", f"{kg:,.0f}", f"{share:.1%}")
    console.out.print(table)
    home = settings.home
    console.out.print(
        "\nAll firms are invented. Where it lies:\n"
        f"  tables       {home / 'warehouse.duckdb'}\n"
        f"  checks       {home / 'validation'}\n"
        f"  set aside    {home / 'quarantine'}\n"
        "Next: `make dev` shows the asset graph; `leverage doctor` checks a real feed's settings; docs/operating.md.",
        markup=False,
    )
