"""How a rule is written down: a Great Expectations expectation, the figure it reads, and its plain words.

A suite module names Great Expectations' own expectation types and arguments, but importing it does not import
Great Expectations (which costs seconds): `pipeline.quality.adapter` turns rules into expectations when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.ingest.formats.ams import TABLES

RELEASE: Final = "release"
"""Stands where a table's name stands, for rules about a release as a whole."""
ALL_TABLES: Final = tuple(TABLES)
SUBJECTS: Final = (RELEASE, *ALL_TABLES)

# How a figure is said.
SHARE: Final = "share"
COUNT: Final = "count"
RATIO: Final = "ratio"
TEXT: Final = "text"


@dataclass(frozen=True)
class Rule:
    """One expectation about one measure.

    Attributes:
        measure: the measure that it reads, see `pipeline.quality.profile`.
        tables: for which tables (or `RELEASE`) there must be such a figure.
        expectation: Great Expectations' type.
        column: the profile's column that it looks at.
        arguments: further arguments of the expectation.
        blocks: whether a breach keeps the release out of raw; else it is a warning.
        says: what the figure is, as it stands in a failure: "rows whose identifier has no header".
        accepted: what is accepted, in words.
        advice: what to do on a breach.
        unit: `SHARE`, `COUNT`, `RATIO` or `TEXT`.
        needs: further tables without which the figure cannot be known.
        reads_rows: whether the figure is known only where the files have the right columns and types.
        private: whether the value may hold personal data; then no message and no page shows it.
    """

    measure: str
    tables: tuple[str, ...]
    expectation: str
    column: str
    arguments: dict[str, Any] = field(hash=False)
    blocks: bool
    says: str
    accepted: str
    advice: str
    unit: str
    needs: tuple[str, ...] = ()
    reads_rows: bool = True
    private: bool = False

    @property
    def name(self) -> str:
        """Unique within a suite."""
        edge = "_".join(f"{key}={self.arguments[key]}" for key in ("min_value", "max_value") if key in self.arguments)
        return " ".join(part for part in (self.measure, edge) if part)


@dataclass(frozen=True)
class Suite:
    """The rules of one subject.

    Attributes:
        name: the subject.
        says: what the suite holds, for a reader of the asset graph.
        rules: its rules; (measure, limit) is unique.
    """

    name: str
    says: str
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        if not self.rules:
            raise ValueError(f"the suite {self.name} has no rules: it would pass whatever comes; give it one")


def at_most(
    measure: str,
    limit: float,
    *,
    tables: Sequence[str],
    unit: str,
    blocks: bool,
    says: str,
    advice: str,
    needs: tuple[str, ...] = (),
) -> Rule:
    """The figure must not surely be above `limit`: the low end of its interval is compared."""
    return Rule(
        measure,
        tuple(tables),
        "expect_column_values_to_be_between",
        "low",
        {"max_value": limit},
        blocks,
        says,
        f"at most {said(limit, unit)}",
        advice,
        unit,
        needs,
    )


def at_least(
    measure: str,
    limit: float,
    *,
    tables: Sequence[str],
    unit: str,
    blocks: bool,
    says: str,
    advice: str,
    needs: tuple[str, ...] = (),
) -> Rule:
    """The figure must not surely be below `limit`: the high end of its interval is compared."""
    return Rule(
        measure,
        tuple(tables),
        "expect_column_values_to_be_between",
        "high",
        {"min_value": limit},
        blocks,
        says,
        f"at least {said(limit, unit)}",
        advice,
        unit,
        needs,
    )


def among(
    measure: str,
    accepted: Sequence[str],
    *,
    tables: Sequence[str],
    blocks: bool,
    says: str,
    advice: str,
    accepted_words: str | None = None,
    reads_rows: bool = True,
) -> Rule:
    """Each distinct value must be one of `accepted`."""
    return Rule(
        measure,
        tuple(tables),
        "expect_column_values_to_be_in_set",
        "text",
        {"value_set": list(accepted)},
        blocks,
        says,
        accepted_words or ", ".join(accepted),
        advice,
        TEXT,
        reads_rows=reads_rows,
    )


def matching(
    measure: str, regex: str, *, tables: Sequence[str], blocks: bool, says: str, accepted: str, advice: str
) -> Rule:
    """Each sampled value must match `regex`."""
    return Rule(
        measure,
        tuple(tables),
        "expect_column_values_to_match_regex",
        "text",
        {"regex": regex},
        blocks,
        says,
        accepted,
        advice,
        TEXT,
    )


def free_of(measure: str, regex: str, *, tables: Sequence[str], blocks: bool, says: str, advice: str) -> Rule:
    """No sampled value may hold what `regex` finds; the values are never shown."""
    return Rule(
        measure,
        tuple(tables),
        "expect_column_values_to_not_match_regex",
        "text",
        {"regex": regex},
        blocks,
        says,
        "none",
        advice,
        TEXT,
        private=True,
    )


def said(value: float, unit: str) -> str:
    """A figure as a person would write it."""
    if unit == SHARE:
        return f"{100 * value:.3g} %"
    if unit == RATIO:
        return f"{value:.3g} times"
    return f"{value:,.0f}"
