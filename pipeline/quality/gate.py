"""The gate: check staged releases, many days in one go, and explain what each check found."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple, TypeAlias

import pandas as pd

from expectations.rules import COUNT, RELEASE, SHARE, SUBJECTS, TEXT, Rule, Suite, format_figure
from expectations.schema import accepted_columns
from expectations.suites import SUITES
from pipeline.ingest.formats.ams import REQUIRED
from pipeline.quality.checkpoint import SuiteResult, run_checkpoint
from pipeline.quality.profile import Key, Profile, profile_releases, staged_releases
from pipeline.settings import Settings

GATING: Final = (RELEASE, *REQUIRED)
"""Subjects whose failed blocking checks refuse a release; those of an optional table make it partial."""
SHOWN: Final = 5
"""Values named in one sentence."""

Row: TypeAlias = Mapping[Hashable, Any]


class Check(NamedTuple):
    """One check that is made of every release day.

    Attributes:
        table: an AMS table, or `release` for a release as a whole.
        suite: the subject.
        blocking: whether a failure keeps the release out of raw, or an optional table from counting as whole.
        description: what it expects.
    """

    table: str
    suite: str
    blocking: bool
    description: str


@dataclass(frozen=True)
class CheckResult:
    """What one check found in one release.

    Attributes:
        release_date: the release day.
        table: as in `Check`.
        suite: as in `Check`.
        blocking: as in `Check`.
        passed: whether all its rules were met.
        failed: for each rule that was not, what was found, what is accepted and what to do.
        metadata: the figures that were judged, and `expectations`, how many rules were.
    """

    release_date: date
    table: str
    suite: str
    blocking: bool
    passed: bool
    failed: tuple[str, ...]
    metadata: dict[str, int | float | str]

    @property
    def refuses(self) -> bool:
        """Whether it keeps the release out of raw."""
        return self.blocking and not self.passed and self.table in GATING


def _checks(suite: Suite) -> list[Check]:
    found = []
    for table in SUBJECTS:
        for blocking in (True, False):
            rules = [rule for rule in suite.rules if rule.blocks == blocking and table in rule.measure.tables]
            if rules:
                accepted = "; ".join(f"{rule.measure.says}: {rule.accepted}" for rule in rules)
                found.append(Check(table, suite.name, blocking, f"{suite.says}. {accepted}"))
    return found


CHECKS: Final = tuple(check for suite in SUITES for check in _checks(suite))
"""All checks, so that they can be declared without running."""


def validate_releases(settings: Settings, days: Sequence[date]) -> list[CheckResult]:
    """Check those of `days` that are staged without a fault, and write the data docs.

    The cost follows the number of days and tables (seconds for a thousand days) plus DuckDB's reading of the rows.

    Returns:
        One result for each release day, delivered table (and `release`), suite and level, in the order of the days
        given. A table whose columns are wrong has the result of `schema` only, which blocks it.

    Raises:
        duckdb.Error: a staged file cannot be read.
        OSError: the data docs cannot be written.
    """
    releases = staged_releases(settings, days)
    if not releases:
        return []
    profile = profile_releases(settings, releases)
    # What must be judged comes from what was delivered, not from the profile: a figure that it lacks is then missed.
    due = {rule: _due(rule, profile) for suite in SUITES for rule in suite.rules}
    suites = [
        replace(suite, rules=tuple(rule for rule in suite.rules if due[rule]))
        for suite in SUITES
        if any(due[rule] for rule in suite.rules)
    ]
    frame = _judged_rows(profile.frame, due)
    first, last = min(release.release_date for release in releases), max(release.release_date for release in releases)
    run_name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}--{first}--{last}"
    found = run_checkpoint(settings.validation_dir, suites, frame, run_name)
    rows = _rows_by_key(frame)
    results = [result for suite in suites for result in _suite_results(suite, found[suite.name], frame, rows, due)]
    order = {release.release_date: number for number, release in enumerate(releases)}
    return sorted(results, key=lambda result: order[result.release_date])


def _judged_rows(frame: pd.DataFrame, due: Mapping[Rule, frozenset[Key]]) -> pd.DataFrame:
    """Return the rows of the profile that a rule judges."""
    wanted = {(rule.measure.name, *key) for rule, keys in due.items() for key in keys}
    keys = zip(*(frame[name].tolist() for name in ("measure", "release_date", "table_name")), strict=True)
    return frame[[key in wanted for key in keys]].reset_index(drop=True)


def _due(rule: Rule, profile: Profile) -> frozenset[Key]:
    measure = rule.measure
    known = profile.readable if measure.reads_rows else profile.delivered
    return frozenset(
        (day, table)
        for day, table in known
        if table in measure.tables and all((day, other) in profile.readable for other in measure.needs)
    )


def _rows_by_key(frame: pd.DataFrame) -> dict[tuple[str, Key], list[Row]]:
    """Return the profile's rows by measure, and release day and table."""
    rows: dict[tuple[str, Key], list[Row]] = defaultdict(list)
    for row in frame.to_dict("records"):
        rows[row["measure"], (row["release_date"], row["table_name"])].append(row)
    return rows


def _suite_results(
    suite: Suite,
    found: SuiteResult,
    frame: pd.DataFrame,
    rows: Mapping[tuple[str, Key], list[Row]],
    due: Mapping[Rule, frozenset[Key]],
) -> list[CheckResult]:
    """Return the results of one suite; a fault of the validation itself fails all of them."""
    failed: dict[tuple[bool, Key], list[str]] = defaultdict(list)
    rules_of: dict[tuple[bool, Key], list[Rule]] = defaultdict(list)
    for number, rule in enumerate(suite.rules):
        for key in due[rule]:
            rules_of[rule.blocks, key].append(rule)
            if (rule.measure.name, key) not in rows:
                failed[rule.blocks, key].append(_missing(rule))
        broken: dict[Key, list[Row]] = defaultdict(list)
        for row in frame.iloc[found.broken.get(number, [])].to_dict("records"):
            broken[row["release_date"], row["table_name"]].append(row)
        for key, broken_rows in broken.items():
            failed[rule.blocks, key].append(_sentence(rule, broken_rows))
    results = []
    for blocks, (day, table) in sorted(rules_of, key=lambda check: (not check[0], *_by_subject(check[1]))):
        rules = rules_of[blocks, (day, table)]
        sentences = (*found.faults, *failed.get((blocks, (day, table)), ()))
        metadata: dict[str, int | float | str] = {"expectations": len(rules)}
        for rule in rules:
            figure = _judged(rule, rows.get((rule.measure.name, (day, table)), []))
            if figure is not None:
                metadata[rule.measure.name] = figure
        results.append(
            CheckResult(date.fromisoformat(day), table, suite.name, blocks, not sentences, sentences, metadata)
        )
    return results


def _by_subject(key: Key) -> tuple[str, int]:
    return key[0], SUBJECTS.index(key[1])


def _judged(rule: Rule, rows: Sequence[Row]) -> float | None:
    """Return the figure that was judged, for texts how many values; None where it is not known."""
    if rule.measure.unit == TEXT:
        return sum(row["text"] is not None for row in rows) if rows else None
    value = rows[0]["value"] if rows else None
    return None if value is None or math.isnan(value) else float(value)


def _sentence(rule: Rule, rows: Sequence[Row]) -> str:
    """Return one sentence for the rows of one release day and table that broke `rule`."""
    return f"{rule.measure.says}: {_found(rule, rows)}; accepted: {rule.accepted}; {rule.advice}"


def _missing(rule: Rule) -> str:
    return (
        f"{rule.measure.says}: no figure, though the table was delivered; accepted: {rule.accepted}; "
        "run the checks again; if it stays, the profile does not count it"
    )


def _found(rule: Rule, rows: Sequence[Row]) -> str:
    if rule.measure.name == "columns":
        return _columns(rows[0]["text"])
    if rule.measure.unit == TEXT:
        return _listed([_value(row) for row in rows])
    row = rows[0]
    figure = format_figure(row["value"], rule.measure.unit)
    if rule.measure.unit == COUNT:
        return f"{figure} ({_listed(row['text'].split(', '))})" if row["text"] else figure
    preposition = "of" if rule.measure.unit == SHARE else "against"
    return f"{figure} ({row['hits']:,.0f} {preposition} {row['of']:,.0f})"


def _value(row: Row) -> str:
    value = repr(row["text"]) if row["text"] else "(empty)"
    if math.isnan(row["hits"]):
        return value
    return f"{value} in {row['hits']:,.0f} {'row' if row['hits'] == 1 else 'rows'}"


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more


def _columns(text: str) -> str:
    table, _, columns = text.partition(": ")
    found = columns.split(", ")
    accepted = accepted_columns(table).partition(": ")[2].split(", ")
    absent = [column for column in accepted if column not in found]
    odd = [column for column in found if column not in accepted]
    if not absent and not odd:
        return "the columns are in another order"
    parts = [f"without {_listed(absent)}"] if absent else []
    parts += [f"with {_listed(odd)}"] if odd else []
    return " and ".join(parts)
