"""The bills behind a figure: which they are, their totals, and the query that lists them all.

The query stands on its own: it runs in the warehouse (`duckdb warehouse.duckdb`) and gives the bills that the figure
was added up from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pipeline.plain_text import clean
from pipeline.reporting.facts.published_week import NAMED, Reading, Row
from pipeline.reporting.figures import Bill, BillSet

SHOWN_BILLS: Final = 10
"""Bills of one set that are listed unless asked for more."""

_PARTS: Final = ("master_bol_number", "house_bol_number", "sub_house_bol_number")
"""Columns that make up a bill's number."""


@dataclass(frozen=True)
class Wanted:
    """A set of bills behind a figure.

    Attributes:
        supplier_id, consignee_id: those named; None for any.
        unnamed: only bills that name no buyer (`consignee`) or no supplier (`supplier`); counted, never listed.
        redacted: only bills on which this side is redacted; counted like `unnamed`.
        spelling_id: only bills that write the consignee in this way.
        hs4: one product's part of them; `unknown` for bills without one.
        frozen: the volume that the snapshot shows for them.
    """

    key: str
    title: str
    unit: str
    first: date
    last: date
    supplier_id: str | None = None
    consignee_id: str | None = None
    unnamed: str | None = None
    redacted: str | None = None
    spelling_id: int | None = None
    hs4: str | None = None
    frozen: float | None = None

    @property
    def is_counted_only(self) -> bool:
        """Whether its bills hide a name: they are added up, and never listed."""
        return self.unnamed is not None or self.redacted is not None


def query_of(wanted: Wanted, reading: Reading) -> str:
    """SQL that lists all bills of a set, or adds them up where they hide a name.

    Ids and dates are the project's own and stand in it as they are.
    """
    tests = [
        "not bill.is_in_transit",
        f"bill.week_start_date between date '{wanted.first}' and date '{wanted.last}'",
        f"bill.first_release_date <= date '{reading.manifest.cut_off}'",
    ]
    for side, entity_id in (("supplier", wanted.supplier_id), ("consignee", wanted.consignee_id)):
        if entity_id is not None:
            tests += [
                f"bill.{side}_id = '{_quoted(entity_id)}'",
                f"bill.{side}_visibility not in ('forwarder', 'bank')",
            ]
    if wanted.unnamed is not None:
        tests.append(f"not ({NAMED.format(f'bill.{wanted.unnamed}')})")
    if wanted.redacted is not None:
        tests.append(f"bill.{wanted.redacted}_visibility = 'redacted'")
    if wanted.spelling_id is not None:
        records = "select record.identifier from int_record as record"
        tests.append(f"bill.identifier in ({records} where record.consignee_spelling_id = {wanted.spelling_id:d})")
    part, join = "", ""
    if wanted.hs4 is not None:
        part = " * product.fraction"
        join = "\ninner join fct_shipment_product as product using (shipment_id)"
        known = wanted.hs4 != "unknown"
        tests.append(f"product.hs4 = '{_quoted(wanted.hs4)}'" if known else "product.hs4 is null")
    condition = "\n    and ".join(tests)
    source = f"fct_shipment as bill{join}\nwhere\n    {condition}"
    if wanted.is_counted_only:
        sums = ",\n    ".join(f"sum(bill.{name}{part}) as {name}" for name in ("weight_kg", "containers", "teu"))
        return f"select\n    count(*) as bills,\n    {sums}\nfrom {source}"
    numbers = ", ".join(f"bill.{part}" for part in _PARTS)
    return f"""select
    {numbers},
    bill.arrival_date,
    bill.weight_kg{part} as weight_kg,
    bill.containers{part} as containers,
    bill.teu{part} as teu
from {source}
order by bill.arrival_date desc, {numbers}"""


def sets_of(wanted: Iterable[Wanted], reading: Reading, shown: int | None) -> tuple[BillSet, ...]:
    """The sets, in order, each key once.

    Args:
        wanted: the sets.
        reading: the week.
        shown: bills to list of each; None where evidence is not asked for: then nothing is read.
    """
    once = {item.key: item for item in wanted}
    return tuple(_read(item, reading, shown) for item in once.values())


def _read(wanted: Wanted, reading: Reading, shown: int | None) -> BillSet:
    query = query_of(wanted, reading)
    counted = BillSet(wanted.key, wanted.title, query, wanted.unit, wanted.is_counted_only, wanted.frozen)
    if shown is None:
        return counted
    if wanted.is_counted_only:
        totals, rows = reading.row(query), list[Row]()
    else:
        totals = reading.row(
            "select count(*) as bills, sum(weight_kg) as weight_kg, sum(containers) as containers, sum(teu) as teu "
            f"from ({query})"
        )
        order = ", ".join(_PARTS)
        rows = reading.rows(f"select * from ({query}) order by arrival_date desc, {order} limit ?", [shown])
    if totals is None:
        return counted
    return replace(
        counted,
        count=totals["bills"],
        weight_kg=float(totals["weight_kg"] or 0),
        containers=float(totals["containers"] or 0),
        teu=float(totals["teu"] or 0),
        bills=tuple(
            Bill(
                number=" / ".join(clean(row[part]) for part in _PARTS if row[part]),
                arrival_date=row["arrival_date"],
                weight_kg=None if row["weight_kg"] is None else float(row["weight_kg"]),
                containers=float(row["containers"] or 0),
                teu=None if row["teu"] is None else float(row["teu"]),
            )
            for row in rows
        ),
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")
