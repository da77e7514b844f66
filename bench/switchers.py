"""`python -m bench.switchers`: would our order of alternatives have named the supplier that a buyer went to next?

`python -m bench.switchers [--home FOLDER] [--weeks 26]`

The candidate week is built as of some weeks ago, from what was known then, in a copy of the warehouse. A switch is a
buyer, a product and a supplier that began to serve the buyer in that product since, where the buyer had another one
before. It is a hit at k when the supplier stands among the first k of those that did not serve the buyer yet.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.entities.products.choices import learn_choices
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import build_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt

FIRSTS: Final = (1, 3, 10)
LINES: Final = (0.0, 0.2, 0.3, 0.5, 0.7, 0.9)
"""Lines of likeness that are tried."""
COPIED: Final = ("warehouse.duckdb", "dbt", "weekly", "dagster", "landing", "validation")
"""Not linked into the copy of a home: what the week writes anew, and what it does not need."""
SWITCHES: Final = """
create or replace temp table traded as
with cells as (
    select bills.consignee_id, products.hs4, bills.supplier_id, bills.week_start_date,
        bills.weight_kg * products.fraction as kg
    from fct_shipment as bills
    inner join fct_shipment_product as products on bills.identifier = products.identifier
    where
        not bills.is_in_transit and products.hs4 is not null
        and bills.supplier_visibility not in ('forwarder', 'bank') and bills.supplier_id is not null
)
select
    *,
    week_start_date > getvariable('week') as is_after,
    week_start_date between getvariable('week') - 7 * 51 and getvariable('week') as is_of_year
from cells
where week_start_date <= getvariable('week') + 7 * getvariable('weeks');

create or replace temp table switches as
with pairs as (
    select consignee_id, hs4, supplier_id, bool_or(not is_after) as was_before, bool_or(is_after) as is_since
    from traded where consignee_id in (select consignee_id from dim_consignee where role not in ('forwarder', 'bank'))
    group by all
)
select pairs.consignee_id, pairs.hs4, pairs.supplier_id
from pairs
inner join week_need using (consignee_id, hs4)
where pairs.is_since and not pairs.was_before;

-- all that could be named: suppliers of the product that do not serve the buyer yet
create or replace temp table served as
select distinct consignee_id, hs4, supplier_id from traded where not is_after;

create or replace temp table sellers as
select hs4, supplier_id, sum(kg) as kg
from traded where is_of_year and not is_after group by hs4, supplier_id;
"""
RANKED: Final = """
with by_volume as (
    select buyers.consignee_id, sellers.hs4, sellers.supplier_id,
        row_number() over (
            partition by buyers.consignee_id, sellers.hs4 order by sellers.kg desc, sellers.supplier_id
        ) as rank,
        count(*) over (partition by buyers.consignee_id, sellers.hs4) as sellers
    from (select distinct consignee_id, hs4 from switches) as buyers
    inner join sellers using (hs4)
    anti join served using (consignee_id, hs4, supplier_id)
),
ours as (
    select found.consignee_id, found.hs4, found.alternative_supplier_id as supplier_id, found.grade,
        row_number() over (partition by found.consignee_id, found.hs4 order by found.rank) as rank,
        row_number() over (
            partition by found.consignee_id, found.hs4 order by sellers.kg desc, sellers.supplier_id
        ) as volume_place,
        count(*) over (partition by found.consignee_id, found.hs4) as listed
    from snap_alternative as found
    left join sellers on found.hs4 = sellers.hs4 and found.alternative_supplier_id = sellers.supplier_id
    anti join served on
        found.consignee_id = served.consignee_id and found.hs4 = served.hs4
        and found.alternative_supplier_id = served.supplier_id
)
select
    ours.rank as ours,
    ours.listed,
    ours.volume_place as listed_by_volume,
    by_volume.rank as by_volume,
    by_volume.sellers,
    case
        when ours.rank is not null then 'listed, grade ' || ours.grade
        when candidates.candidate_no is null then 'had not sold the product in three years'
        else 'behind the best 20'
    end as outcome
from switches
left join week_candidate as candidates
    on switches.hs4 = candidates.hs4 and switches.supplier_id = candidates.supplier_id
left join ours
    on
        switches.consignee_id = ours.consignee_id and switches.hs4 = ours.hs4
        and switches.supplier_id = ours.supplier_id
left join by_volume
    on
        switches.consignee_id = by_volume.consignee_id and switches.hs4 = by_volume.hs4
        and switches.supplier_id = by_volume.supplier_id
"""
LIKENESS: Final = """
with pairs as (
    select needs.need_no, candidates.candidate_no, switches.supplier_id is not null as is_switch,
        coalesce(sum(words.part) filter (where uses.word_no is not null), 0) as similarity
    from week_need as needs
    inner join (select distinct consignee_id, hs4 from switches) using (consignee_id, hs4)
    inner join week_candidate as candidates on needs.hs4 = candidates.hs4
    inner join week_firm_word as words on needs.need_no = words.need_no
    left join week_firm_word as uses
        on candidates.candidate_no = uses.candidate_no and words.word_no = uses.word_no
    left join switches
        on needs.consignee_id = switches.consignee_id and needs.hs4 = switches.hs4
        and candidates.supplier_id = switches.supplier_id
    anti join served
        on needs.consignee_id = served.consignee_id and needs.hs4 = served.hs4
        and candidates.supplier_id = served.supplier_id
    group by all
)
select similarity, is_switch, need_no from pairs
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.switchers", description=__doc__)
    parser.add_argument("--home", type=Path, help="a loaded home [LEVERAGE_HOME]")
    parser.add_argument("--weeks", type=int, default=26, help="weeks in which a switch is looked for [26]")
    given = parser.parse_args(arguments)
    settings = load_settings(**({"home": given.home} if given.home else {}))
    with a_copy(settings) as copy:
        as_of = build_week(copy, given.weeks)
        print(f"as of {as_of.week} (cut-off {as_of.cut_off}); switches of the {given.weeks} weeks after it")
        with warehouse(copy) as connection:
            find_switches(connection, as_of, given.weeks)
            report(connection)


def build_week(settings: Settings, weeks: int) -> AsOf:
    """The candidate week whose switches have all been seen: `weeks` before the newest closed one."""
    with warehouse(settings) as connection:
        (newest,) = connection.execute("select max(last_release_date) from fct_shipment").fetchone() or (date.min,)
    closed = newest - timedelta(days=settings.lateness_days + 6)
    monday = closed - timedelta(days=closed.weekday() + 7 * weeks)
    as_of = AsOf.of(monday, monday + timedelta(days=6 + settings.lateness_days))
    paths = dbt_paths(settings)
    for select in ("tag:weekly,+asof_code", "tag:weekly"):
        arguments = build_arguments(paths, select=(select,), exclude=())
        run_dbt(settings, [*arguments, "--exclude-resource-type", "test", "unit_test"], as_of=as_of)
        if select != "tag:weekly":
            learn_choices(settings)
    return as_of


def find_switches(connection: duckdb.DuckDBPyConnection, as_of: AsOf, weeks: int) -> None:
    """Make temporary tables of the switches after a week, of who served whom up to it, and of all suppliers."""
    connection.execute("set variable week = ?::date", [as_of.week_start])
    connection.execute("set variable weeks = ?::integer", [weeks])
    connection.execute(SWITCHES)


def report(connection: duckdb.DuckDBPyConnection) -> None:
    """Print hit rates and how well likeness separates switches."""
    rows = connection.execute(RANKED).fetchall()
    if not rows:
        print("no switch was found")
        return
    listed = [row for row in rows if row[0] is not None]
    print(f"{len(rows)} switches, by how the new supplier was listed before:")
    for outcome, count in Counter(row[5] for row in rows).most_common():
        print(f"  {count:5}  {outcome}")
    print("hit rate at                            " + "".join(f"{first:>8}" for first in FIRSTS))
    for name, chosen, rank, of in (
        ("our order, all switches", rows, 0, 1),
        ("by volume, all suppliers", rows, 3, 4),
        ("our order, listed ones", listed, 0, 1),
        ("by volume, among the same", listed, 2, 1),
    ):
        print(f"  {name:36} " + "".join(f"{hits(chosen, rank, first):8.1%}" for first in FIRSTS))
        chance = [sum(min(1.0, first / row[of]) for row in chosen if row[of]) / max(len(chosen), 1) for first in FIRSTS]
        print(f"    {'chance':34} " + "".join(f"{share:8.1%}" for share in chance))
    pairs = connection.execute(LIKENESS).fetchall()
    switched, others = ([row[0] for row in pairs if row[1] == which] for which in (True, False))
    print(f"likeness of {len(switched)} switches and of {len(others)} other suppliers that they could have gone to:")
    for line in LINES:
        print(f"  at least {line:.1f}: {_part(switched, line):6.1%} of switches, {_part(others, line):6.1%} of others")
    print(f"  a switch is liker than another supplier of the same buyer in {ahead(pairs):.1%} (50 % by chance)")


@contextmanager
def a_copy(settings: Settings) -> Iterator[Settings]:
    """A home that shares what was loaded with another one and has a warehouse of its own."""
    with tempfile.TemporaryDirectory(prefix="switchers-") as folder:
        home = Path(folder)
        for path in settings.home.iterdir():
            if path.name not in COPIED and not path.name.startswith("."):
                (home / path.name).symlink_to(path)
        shutil.copy(settings.warehouse_path, home / "warehouse.duckdb")
        yield settings.model_copy(update={"home": home})


def hits(rows: Sequence[Any], rank: int, first: int) -> float:
    """Part of the rows whose rank is among the first."""
    return sum(row[rank] is not None and row[rank] <= first for row in rows) / max(len(rows), 1)


def _part(values: Sequence[float], line: float) -> float:
    return sum(value >= line for value in values) / max(len(values), 1)


def ahead(pairs: Sequence[tuple[float, bool, int]]) -> float:
    """How often a switch is liker than another candidate of the same need; a tie counts half."""
    switched: dict[int, list[float]] = {}
    others: dict[int, list[float]] = {}
    for similarity, is_switch, need in pairs:
        (switched if is_switch else others).setdefault(need, []).append(similarity)
    wins = total = 0.0
    for need, likeness in switched.items():
        for one in likeness:
            for other in others.get(need, []):
                wins += (one > other) + (one == other) / 2
                total += 1
    return wins / total if total else 0.5


if __name__ == "__main__":
    main()
