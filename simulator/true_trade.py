"""The truth about a world's trade: firms and product behind each bill, expected volumes, pairs that begin and end.

A truth is what the generator expects, hidden names with the others; the records show one realisation of it.

* `deliveries(spec)`: one row a delivery, joined to raw tables by `identifier`, to `fct_shipment` by its numbers.
* `expected_volume(spec, week, weeks)`: for each pair and product what it ships in a window on average. The share of a
  customer is its part of its supplier's sum; suppliers of a product are the rows of its heading, also those that no
  record names (`hidden`).
* `pair_spans(spec)`: when each pair began and ended, and when its names were hidden: customers won, lost and gone dark.

For tests and benchmarks. Nothing in the pipeline may read it.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from simulator.basis.draws import Bools, Floats, Ints
from simulator.basis.goods import ALL_PRODUCTS
from simulator.feed import feed
from simulator.feed.facts import Facts
from simulator.feed.tables.header import billgen_lines
from simulator.feed.versions import STATUS_TEXTS
from simulator.names import addresses, firms
from simulator.names.texts import glue, pick, pool, whole
from simulator.world import bookings, calendar, relations, world
from simulator.world.bills import MASTER
from simulator.world.world import EMBEDDED, Spec, World

LEVELS: Final = ("regular", "house", "master", "sub_house")
NUMBERS: Final = ("master_bol_number", "house_bol_number", "sub_house_bol_number")
"""Of a bill."""


def deliveries(spec: Spec = EMBEDDED) -> pa.Table:
    """Every delivery with its true firms and product.

    Columns: `identifier`, the three numbers of the bill, `status`, `level`, `week_start_date` (of the arrival that was
    planned), `supplier_id`, `consignee_id`, `hs4`, `code_origin` (of the code in the tariff table: `none`, `declared`,
    `classified`), `coded_hs4`, `origin_country_code`, `kilograms`, `boxes`, `of_story`.
    """
    made = world.build(spec)
    return pa.concat_tables([_delivered(made, run) for run in feed.runs_of_days(made, 28, 40_000)])


def expected_volume(week: date, weeks: int = 52, spec: Spec = EMBEDDED) -> pa.Table:
    """What each pair ships of its main product on average in the `weeks` weeks that end with the one of the day `week`.

    Columns: `supplier_id`, `consignee_id`, `hs4`, `bills`, `boxes`, `kilograms`, `hidden` (part of the window in which
    a certificate hides the consignee). Pairs of the stories ship exactly so much. Second products on bills of other
    goods (`facts.SECOND_CODE`) are not counted.
    """
    made = world.build(spec)
    pairs = made.relations
    last = calendar.week_of(calendar.ordinal(week))
    window = range(last - weeks + 1, last + 1)
    booked = sum(relations.activity(made.draws, pairs, number) for number in window) * made.rate
    bills, boxes, kilograms = (booked * each for each in bookings.mean_of_booking(made))
    placed = made.placed
    inside = (placed["week"] >= window[0]) & (placed["week"] <= last)
    for total, each in (
        (bills, np.ones(len(placed["key"]))),
        (boxes, placed["boxes"]),
        (kilograms, placed["kg"]),
    ):
        total += np.bincount(placed["relation"][inside], weights=each[inside], minlength=pairs.count)
    hidden = np.mean([made.certificates.hides(pairs.consignee, np.full(pairs.count, number)) for number in window], 0)
    rows = np.flatnonzero(bills > 0)
    return _by_pair(made, rows, {"bills": bills, "boxes": boxes, "kilograms": kilograms}, hidden)


def pair_spans(spec: Spec = EMBEDDED) -> pa.Table:
    """Pairs of each product with the Mondays of their first and last week, and of those in which names are hidden.

    Columns: `supplier_id`, `consignee_id`, `hs4`, `first_week`, `last_week`, `hidden_from`, `hidden_until` (null where
    no certificate is held), `bookings_a_week`, null for stories. A customer is won or lost where a span begins or ends
    inside the world; a slot that one customer leaves is taken by the next in the same week.
    """
    made = world.build(spec)
    pairs, certificates = made.relations, made.certificates
    rate = pairs.rate * made.rate
    held = certificates.first_week[pairs.consignee] < certificates.last_week[pairs.consignee]
    far = calendar.week_of(made.last_day) + 10 * 52
    return pa.table(
        {
            **_pair_columns(made, np.arange(pairs.count)),
            "first_week": _mondays(pairs.first_week),
            "last_week": _mondays(pairs.last_week),
            "hidden_from": _mondays(np.where(held, certificates.first_week[pairs.consignee], 0), held),
            "hidden_until": _mondays(np.where(held, np.minimum(certificates.last_week[pairs.consignee], far), 0), held),
            "bookings_a_week": pa.array(rate, mask=rate < 0),
        }
    )


def _delivered(made: World, run: feed.Days) -> pa.Table:
    facts = Facts(made, run.deliveries)
    pair, block = facts.pair, facts.block
    fields = pc.split_pattern(billgen_lines(facts), ",", max_splits=4)
    headings = pool([product.hs4 for product in ALL_PRODUCTS])
    boxes = np.bincount(facts.boxes.of, minlength=facts.count)
    return pa.table(
        {
            "identifier": facts.identifier,
            **{name: pc.list_element(fields, at) for at, name in enumerate(NUMBERS, start=1)},
            "status": pick(pool(STATUS_TEXTS), block["status"]),
            "level": pick(pool(LEVELS), block["level"]),
            "week_start_date": _mondays(block["week"]),
            "supplier_id": _ids("supplier", pair.supplier),
            "consignee_id": _ids("consignee", pair.consignee),
            "hs4": pick(headings, pair.product),
            "code_origin": pick(pool(["none", "declared", "classified"]), facts.code_origin),
            "coded_hs4": pick(headings, facts.coded_product),
            "origin_country_code": addresses.country_code(made.suppliers, pair.supplier, firms.SUPPLIER),
            "kilograms": facts.kilograms,
            "boxes": np.where(block["level"] == MASTER, 0, boxes),
            "of_story": facts.plain,
        }
    )


def _by_pair(made: World, rows: Ints, sums: dict[str, Floats], hidden: Floats) -> pa.Table:
    """Tenures of one pair and product added up."""
    table = pa.table(
        {
            **_pair_columns(made, rows),
            **{name: values[rows] for name, values in sums.items()},
            "hidden": hidden[rows],
        }
    )
    keys = ["supplier_id", "consignee_id", "hs4"]
    grouped = table.group_by(keys, use_threads=False).aggregate([*((name, "sum") for name in sums), ("hidden", "max")])
    return grouped.rename_columns([*keys, *sums, "hidden"])


def _pair_columns(made: World, rows: Ints) -> dict[str, pa.Array]:
    pairs = made.relations
    return {
        "supplier_id": _ids("supplier", pairs.supplier[rows]),
        "consignee_id": _ids("consignee", pairs.consignee[rows]),
        "hs4": pick(pool([product.hs4 for product in ALL_PRODUCTS]), pairs.product[rows]),
    }


def _ids(role: str, number: Ints) -> pa.Array:
    return glue(f"{role}-", whole(number))


def _mondays(week: Ints, known: Bools | None = None) -> pa.Array:
    days = pa.array(
        (calendar.monday_of(0) + 7 * week).astype(np.int32), pa.int32(), mask=None if known is None else ~known
    )
    return days.cast(pa.date32())
