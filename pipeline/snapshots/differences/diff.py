"""Compare two snapshots: what moved, and for a named pair why.

For a pair the states between the two snapshots are found with as little computing as can be exact: where rules,
decisions and inputs are those that a snapshot was frozen with, the frozen rows are the computed ones.

Two causes cannot be separated: when rules moved and, besides, bytes inside the cut-off were corrected, the old bytes
can no longer be read by the new rules. Both are then reported as rules, with a note.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from pipeline.settings import Settings
from pipeline.snapshots.calendar import WeekTextError, parse_week
from pipeline.snapshots.differences.causes import Chain, Change, State, explain
from pipeline.snapshots.differences.counterfactual import (
    LEVERAGE,
    Counterfactuals,
    counterfactuals,
    decisions_moved,
    frozen_state,
)
from pipeline.snapshots.inputs import read_inputs
from pipeline.snapshots.manifest import Manifest, SnapshotError, moved, newest_manifest, read_manifest, snapshot_dir
from pipeline.snapshots.versions import code_version, current_er_version
from pipeline.thresholds import ruleset_version
from pipeline.warehouse.connection import scratch
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.renamed_columns import frozen_rows_sql

SHOWN_PAIRS: Final = 20
VERSION_COLUMNS: Final = {"as_of_week", "er_version", "ruleset_version"}
"""Differ between any two snapshots, without a figure that moved."""
MIXED: Final = "rules moved and bytes inside the cut-off of {name} were corrected: their parts cannot be separated"


@dataclass(frozen=True)
class Explanation:
    """Why the figures of a pair differ between two snapshots.

    Attributes:
        first: the first snapshot, such as `2026-W45/r1`.
        second: the second one.
        supplier_id: the supplier.
        consignee_id: the consignee.
        changes: each figure that moved, with its causes.
        notes: limits of the causes.
    """

    first: str
    second: str
    supplier_id: str
    consignee_id: str
    changes: list[Change]
    notes: list[str]


@dataclass(frozen=True)
class Overview:
    """What moved between two snapshots.

    Attributes:
        first: the first snapshot.
        second: the second one.
        versions: each version that moved, as (before, after).
        inputs: in words, what moved in the inputs; None between two weeks, whose inputs always differ.
        counts: leverage rows that are new, gone, changed and the same.
        pairs: the pairs whose power moved most, all products together.
    """

    first: str
    second: str
    versions: dict[str, tuple[str, str]]
    inputs: str | None
    counts: dict[str, int]
    pairs: list[dict[str, Any]]


def named_snapshot(settings: Settings, text: str) -> Manifest:
    """Return the snapshot that `2026-W46` (its newest revision) or `2026-W46@r1` names.

    Raises:
        WeekTextError: the text names none.
        SnapshotError: there is no such snapshot.
    """
    name, _, revision = text.partition("@r")
    week = parse_week(name)
    if revision and not revision.isdigit():
        raise WeekTextError(f"{text!r} names no revision; give one such as {week}@r1")
    found = read_manifest(settings, week, int(revision)) if revision else newest_manifest(settings, week)
    if found is None:
        raise SnapshotError(f"{week} is not published: `leverage publish --as-of {week}` publishes it")
    return found


def overview(settings: Settings, first: Manifest, second: Manifest) -> Overview:
    """Return what moved between two snapshots, without causes."""
    folders = [snapshot_dir(settings, each.week, each.revision) for each in (first, second)]
    one, other = (frozen_rows_sql(folder / f"{LEVERAGE}.parquet") for folder in folders)
    with closing(scratch()) as connection:
        columns = _common_columns(connection, one, other)
        counts = connection.execute(_COUNTS.format(one=one, other=other, columns=columns)).fetchone() or (0, 0, 0, 0)
        found = connection.execute(_PAIRS.format(one=one, other=other), [SHOWN_PAIRS])
        names = [column[0] for column in found.description]
        pairs = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    before, after = vars(first.versions), vars(second.versions)
    return Overview(
        first.name,
        second.name,
        {name: (before[name], after[name]) for name in before if before[name] != after[name]},
        moved(first.inputs, second.inputs) if first.week == second.week else None,
        dict(zip(("new", "gone", "changed", "same"), counts, strict=True)),
        pairs,
    )


def explain_pair(
    settings: Settings,
    first: Manifest,
    second: Manifest,
    supplier_id: str,
    consignee_id: str,
    on_compute: Callable[[str], None] = lambda _: None,
) -> Explanation:
    """Explain each figure of a pair that differs; the caller holds the writer lock.

    Args:
        settings: of the home; its warehouse is read and copied, not written.
        first: a snapshot.
        second: another one, of the same or another week.
        supplier_id: the supplier.
        consignee_id: the consignee.
        on_compute: called with each state that has to be computed.
    """
    pair = (supplier_id, consignee_id)
    with counterfactuals(settings, *pair) as computed:
        chain = _Chain(settings, first, second, pair, computed, on_compute)
        changes = explain(chain.made())
    return Explanation(first.name, second.name, supplier_id, consignee_id, changes, chain.notes)


class _Chain:
    """The states between two snapshots."""

    def __init__(
        self,
        settings: Settings,
        first: Manifest,
        second: Manifest,
        pair: tuple[str, str],
        computed: Counterfactuals,
        on_compute: Callable[[str], None],
    ) -> None:
        self.notes: list[str] = []
        self._settings, self._first, self._second = settings, first, second
        self._pair, self._computed, self._on_compute = pair, computed, on_compute
        self._er_now = current_er_version(settings)
        self._rules_now = (ruleset_version(), code_version())

    def made(self) -> Chain:
        first, second = self._first, self._second
        start, end = (
            frozen_state(snapshot_dir(self._settings, m.week, m.revision), *self._pair) for m in (first, second)
        )
        if self._is_revision_by_one_cause():
            return Chain([(self._one_cause(), start, end)])
        as_of = [AsOf.of(each.week.monday, each.cut_off) for each in (first, second)]
        informed = AsOf.of(first.week.monday, max(second.cut_off, first.week.sunday))
        er_first, er_second = first.versions.er_version, second.versions.er_version
        other_parties = decisions_moved(self._settings, er_first, er_second, *self._pair)
        steps: list[tuple[str, State, State]] = []
        at = start

        def move(cause: str, state: State) -> None:
            nonlocal at
            steps.append((cause, at, state))
            at = state

        repeated = self._state(er_first, as_of[0], first, start)
        move(self._cause_of_repeat(first), repeated)
        move("entities", self._state(er_second, as_of[0], None, None) if other_parties else repeated)
        if informed != as_of[0]:
            move("late data", self._state(er_second, informed, None, None))
        last = self._state(er_second, as_of[1], second, end)
        if first.week != second.week:
            move("volume", last)
        move(self._cause_of_repeat(second), end)
        return Chain(steps)

    def _state(self, er_version: str, as_of: AsOf, frozen: Manifest | None, rows: State | None) -> State:
        """Return the pair under the current rules: the frozen rows where they were computed so, else computed."""
        if (
            frozen is not None
            and rows is not None
            and frozen.versions.rules == self._rules_now
            and not self._corrected(frozen)
        ):
            return rows
        moved_since = decisions_moved(self._settings, er_version, self._er_now, *self._pair)
        self._on_compute(
            f"{as_of.week} as known on {as_of.cut_off}" + (f", parties of {er_version}" if moved_since else "")
        )
        return self._computed.state(er_version if moved_since else None, as_of)

    def _corrected(self, manifest: Manifest) -> bool:
        now = read_inputs(self._settings, manifest.cut_off, manifest.inputs.waived)
        return moved(manifest.inputs, now) is not None

    def _cause_of_repeat(self, manifest: Manifest) -> str:
        """Why a snapshot computed anew, with its own decisions and records, would differ from the frozen one."""
        if manifest.versions.rules == self._rules_now:
            return "late data"
        if self._corrected(manifest):
            self.notes.append(MIXED.format(name=manifest.name))
        return "rules"

    def _is_revision_by_one_cause(self) -> bool:
        return self._first.week == self._second.week and len(self._moved_causes()) <= 1

    def _one_cause(self) -> str:
        return next(iter(self._moved_causes()), "late data")

    def _moved_causes(self) -> list[str]:
        first, second = self._first, self._second
        causes = {
            "rules": first.versions.rules != second.versions.rules,
            "entities": decisions_moved(
                self._settings, first.versions.er_version, second.versions.er_version, *self._pair
            ),
            "late data": moved(first.inputs, second.inputs) is not None or first.cut_off != second.cut_off,
        }
        return [cause for cause, has_moved in causes.items() if has_moved]


def _common_columns(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> str:
    """Return the figures that both snapshots have; a version may have added columns."""
    names = [
        {row[0] for row in connection.execute(f"describe select * from {rows}").fetchall()} for rows in (one, other)
    ]
    return ", ".join(sorted((names[0] & names[1]) - VERSION_COLUMNS))


_KEY: Final = "supplier_id, consignee_id, hs4"
_COUNTS: Final = f"""
with one as (select * from {{one}}),
other as (select * from {{other}}),
same as (select {{columns}} from one intersect select {{columns}} from other),
common as (select {_KEY} from one intersect select {_KEY} from other)
select
    (select count(*) from other) - (select count(*) from common),
    (select count(*) from one) - (select count(*) from common),
    (select count(*) from common) - (select count(*) from same),
    (select count(*) from same)
"""
_PAIRS: Final = """
select
    one.supplier_id,
    one.consignee_id,
    one.power as power_before,
    other.power as power_after,
    other.power - one.power as power_change,
    one.mutual as mutual_before,
    other.mutual as mutual_after
from {one} as one
inner join {other} as other on one.supplier_id = other.supplier_id and one.consignee_id = other.consignee_id
where one.hs4 = 'all' and other.hs4 = 'all' and other.power <> one.power
order by abs(other.power - one.power) desc, one.supplier_id, one.consignee_id
limit $1
"""
