"""Which pairs get a page.

Belongs here: that choice, until a watchlist is read. Does not belong here: what a page says.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from pipeline.publish.report_changes import first_pairs, largest_moves
from pipeline.publish.report_snapshot import Pair, Snapshot, rows_of, take_up_pairs
from pipeline.settings import Settings

MOST_PAIRS: Final = 25
"""Pages of one report without a watchlist: what a person looks through on a Monday."""
SAMPLE: Final = Path(__file__).with_name("sample_watch.csv")
"""Pairs of the embedded sample that are worth a look, with a rival where there is one."""


def watched_pairs(
    settings: Settings, connection: duckdb.DuckDBPyConnection, frozen_weeks: Sequence[Snapshot]
) -> list[Pair]:
    """The pairs of the last of `frozen_weeks` to write pages for, at most `MOST_PAIRS`, none twice.

    Without a watchlist: for the embedded sample the pairs of `SAMPLE`, then those that moved most since the week before
    (in a first week: where one side needs the other most).
    """
    pairs = _sample_pairs(connection) if settings.source_url == "sample:" else []
    seen = {(pair.supplier_id, pair.consignee_id) for pair in pairs}
    for pair in _moved(connection, frozen_weeks):
        if (pair.supplier_id, pair.consignee_id) not in seen:
            pairs.append(pair)
    return pairs[:MOST_PAIRS]


def _moved(connection: duckdb.DuckDBPyConnection, frozen_weeks: Sequence[Snapshot]) -> list[Pair]:
    take_up_pairs(connection, [])
    if len(frozen_weeks) > 1:
        rows = largest_moves(connection, frozen_weeks[-1], frozen_weeks[-2], limit=MOST_PAIRS)
        why = f"among the largest moves since {frozen_weeks[-2].week}"
    else:
        rows = list(first_pairs(connection, frozen_weeks[-1], MOST_PAIRS))
        why = "one side needs the other far more"
    return [Pair(row["supplier_id"], row["consignee_id"], why) for row in rows]


def _sample_pairs(connection: duckdb.DuckDBPyConnection) -> list[Pair]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    suppliers = _ids(connection, "supplier", [row["supplier"] for row in given])
    consignees = _ids(connection, "consignee", [row["buyer"] for row in given] + [row["rival"] for row in given])
    return [
        Pair(suppliers[row["supplier"]], consignees[row["buyer"]], row["why"], consignees.get(row["rival"]))
        for row in given
        if row["supplier"] in suppliers and row["buyer"] in consignees
    ]


def _ids(connection: duckdb.DuckDBPyConnection, kind: str, names: Sequence[str]) -> dict[str, str]:
    rows = rows_of(
        connection,
        f"select {kind}_name as name, min({kind}_id) as id from dim_{kind} "
        f"where {kind}_name in (select unnest($1::varchar[])) group by all",
        [list(names)],
    )
    return {row["name"]: row["id"] for row in rows}
