"""`python -m bench.products`: is the product of a bill right where codes are missing or guessed?

`python -m bench.products [--home FOLDER]`

The bills of the newest computed week of the sample are judged by the codes that they have, and again by right codes
that are hidden or replaced by one of five other headings (the same ones for all goods of a heading, as a classifier
mistakes them). The simulator knows each bill's product. Printed for each case: bills and kilograms under the right
heading, codes at their word beside our choice, by source; the headings that one product falls into (those with at
least 1 % of its kilograms); and how many kilograms share a heading with most of their product and of no other one.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.entities.products.choose import choose as choose_products
from pipeline.entities.products.headings import SEED
from pipeline.settings import load_settings
from pipeline.warehouse.connection import warehouse
from simulator import true_trade

LEAST_PART: Final = 0.01
"""Part of a product's kilograms from which on a heading is one that it falls into."""


@dataclass(frozen=True)
class Damage:
    """How codes are damaged.

    Attributes:
        name: of the case.
        declared, classified: parts of the bills with a code of this source; the rest has none.
        declared_wrong, classified_wrong: parts of these with another heading.
        commodity: whether only the bills of one heading are there.
    """

    name: str
    declared: float
    declared_wrong: float
    classified: float
    classified_wrong: float
    commodity: bool = False


DAMAGES: Final = (
    Damage("codes declared on half of the bills, all right", 0.5, 0.0, 0.0, 0.0),
    Damage("declared on 40 %, classified on 30 %", 0.4, 0.03, 0.3, 0.4),
    Damage("all classified, four in ten wrong", 0.0, 0.0, 0.99, 0.4),
    Damage("all declared, a fifth wrong", 0.99, 0.2, 0.0, 0.0),
    Damage("one commodity, all classified, half wrong", 0.0, 0.0, 0.99, 0.5, commodity=True),
    Damage("no code on any bill", 0.0, 0.0, 0.0, 0.0),
    Damage("declared on one bill in fifty", 0.02, 0.0, 0.0, 0.0),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.products", description=__doc__)
    parser.add_argument("--home", type=Path, help="a home with a computed week [LEVERAGE_HOME]")
    given = parser.parse_args(arguments)
    settings = load_settings(**({"home": given.home} if given.home else {}))
    with warehouse(settings) as connection:
        make_truth(connection)
        connection.execute("create temp table damaged_code as select * from true_bill")
        choose(connection)
        report(connection, "as the sample is")
        for damage in DAMAGES:
            damaged(connection, damage)
            choose(connection)
            report(connection, damage.name)


def make_truth(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `true_bill`: bills of at most one code with their product, and a draw for each text and supplier."""
    connection.register("truth", true_trade.deliveries())
    connection.execute("""
        create or replace temp table true_bill as
        select
            codes.*, truth.hs4 as true_hs4, bills.weight_kg,
            hash(codes.text_key, coalesce(codes.supplier_id, codes.identifier::varchar)) as draw
        from asof_code as codes
        inner join asof_shipment as bills using (identifier)
        inner join truth on codes.identifier = cast(truth.identifier as bigint)
        where codes.codes <= 1
    """)
    connection.execute(
        "create or replace temp table heading as select hs4 from read_csv($1, all_varchar = true)", [str(SEED)]
    )


def damaged(connection: duckdb.DuckDBPyConnection, damage: Damage) -> None:
    """Make `damaged_code`, as `asof_code` with damaged codes."""
    connection.execute(
        """
        create or replace temp table damaged_code as
        with numbered as (
            select hs4, row_number() over (order by hs4) - 1 as number, count(*) over () as headings from heading
        ),
        drawn as (
            select * exclude (hs_source), draw % 100000 / 100000 as which, hash(draw) % 100000 / 100000 as wrong,
                hash(draw + 1) % 5 as place
            from true_bill
            where not $commodity
                or true_hs4 = (select true_hs4 from true_bill group by all order by count(*) desc, true_hs4 limit 1)
        ),
        sourced as (
            select *,
                case when which < $declared then 'declared' when which < $declared + $classified then 'classified'
                    else 'none' end as hs_source
            from drawn
        ),
        replaced as (
            select sourced.*, numbered.hs4 as other_hs4
            from sourced
            inner join numbered on numbered.number = hash(sourced.true_hs4, sourced.place) % numbered.headings
        )
        select * exclude (codes, hs4),
            case
                when hs_source = 'none' then null
                when wrong < if(hs_source = 'declared', $declared_wrong, $classified_wrong) then other_hs4
                else true_hs4
            end as hs4,
            case when hs_source = 'none' then 0 else 1 end as codes
        from replaced
        """,
        {
            "declared": damage.declared,
            "classified": damage.classified,
            "declared_wrong": damage.declared_wrong,
            "classified_wrong": damage.classified_wrong,
            "commodity": damage.commodity,
        },
    )


def choose(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `chosen`: each bill with the heading that we choose."""
    _, judged = choose_products(connection, "damaged_code")
    connection.register("judged", judged)
    connection.execute("""
        create or replace temp table chosen as
        select bills.*, judged.hs4 as chosen_hs4, judged.probability
        from damaged_code as bills
        inner join product_case as cases
            on bills.text_key = cases.text_key and coalesce(bills.supplier_id, '') = cases.supplier_id
            and bills.hs_source = cases.hs_source and coalesce(bills.hs4, '') = cases.hs4
        inner join judged
            on cases.wording_no = judged.wording_no and cases.supplier_id = judged.supplier_id
            and cases.hs_source = judged.hs_source and cases.hs4 = judged.recorded_hs4
    """)
    connection.unregister("judged")


def report(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Print one case."""
    print(f"{name}:", flush=True)
    print("  source       bills   right: as recorded   chosen   right where chosen   mean probability")
    rows: list[Any] = connection.execute("""
        select hs_source, count(*), avg((hs4 is not distinct from true_hs4)::int),
            avg((chosen_hs4 is not distinct from true_hs4)::int),
            avg((chosen_hs4 = true_hs4)::int), avg(probability) filter (where chosen_hs4 is not null)
        from (select * from chosen union all select * replace ('all' as hs_source) from chosen)
        group by hs_source order by hs_source = 'all', hs_source
    """).fetchall()
    for source, bills, recorded, chosen, given, probability in rows:
        print(f"  {source:10} {bills:7,} {recorded:20.1%} {chosen:8.1%} {given or 0:20.1%} {probability or 0:18.3f}")
    for way, column in (("as recorded", "hs4"), ("chosen", "chosen_hs4")):
        ((right, headings, most, alone),) = connection.execute(f"""
            with parts as (select true_hs4, {column} as hs4, sum(weight_kg) as kg from chosen group by all),
            shares as (
                select *, kg / sum(kg) over (partition by true_hs4) as part,
                    kg = max(kg) over (partition by true_hs4) and kg = max(kg) over (partition by hs4) as is_most
                from parts
            ),
            counted as (
                select true_hs4, count(*) filter (where part >= {LEAST_PART} and hs4 is not null) as headings
                from shares group by true_hs4
            )
            select coalesce(sum(kg) filter (where hs4 = true_hs4), 0) / sum(kg), (select avg(headings) from counted),
                (select max(headings) from counted),
                coalesce(sum(kg) filter (where is_most and hs4 is not null), 0) / sum(kg)
            from shares
        """).fetchall()
        print(
            f"  {way}: {right:.1%} of kilograms right, {alone:.1%} together; "
            f"headings of a product: {headings:.1f}, at most {most}"
        )


if __name__ == "__main__":
    main()
