"""How an expectation is declared: the measure that it judges, its limit, its level, and its texts for people.

Suites name Great Expectations' own expectation types; importing them does not import Great Expectations, which costs
seconds: `pipeline.quality.checkpoint` builds the expectations when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pipeline.ingest.formats.ams import TABLES

RELEASE: Final = "release"
"""In place of a table's name, for measures of a release as a whole."""
ALL_TABLES: Final = tuple(TABLES)
SUBJECTS: Final = (RELEASE, *ALL_TABLES)

# Units of a measure.
SHARE: Final = "share"
COUNT: Final = "count"
RATIO: Final = "ratio"
TEXT: Final = "text"


@dataclass(frozen=True)
class Measure:
    """A figure of the profile (`pipeline.quality.profile`) that rules judge.

    Attributes:
        name: its name in the profile.
        tables: the tables (or `RELEASE`) that have it.
        says: what it is, for people: "rows whose identifier has no header".
        unit: `SHARE`, `COUNT`, `RATIO`, or `TEXT` for values that are judged one by one.
        needs: further tables without which it cannot be known.
        reads_rows: whether it is known only where the files have the right columns and types.
    """

    name: str
    tables: tuple[str, ...]
    says: str
    unit: str = COUNT
    needs: tuple[str, ...] = ()
    reads_rows: bool = True

    def at_most(self, limit: float, *, blocks: bool, advice: str) -> Rule:
        """Expect that the figure is not certainly above `limit`: the low end of its interval is compared."""
        accepted = f"at most {format_figure(limit, self.unit)}"
        return Rule(self, "expect_column_values_to_be_between", "low", {"max_value": limit}, blocks, accepted, advice)

    def at_least(self, limit: float, *, blocks: bool, advice: str) -> Rule:
        """Expect that the figure is not certainly below `limit`: the high end of its interval is compared."""
        accepted = f"at least {format_figure(limit, self.unit)}"
        return Rule(self, "expect_column_values_to_be_between", "high", {"min_value": limit}, blocks, accepted, advice)

    def among(self, values: Sequence[str], *, blocks: bool, advice: str, accepted: str | None = None) -> Rule:
        """Expect that each distinct value is one of `values`."""
        arguments = {"value_set": list(values)}
        listed = accepted or ", ".join(values)
        return Rule(self, "expect_column_values_to_be_in_set", "text", arguments, blocks, listed, advice)

    def matching(self, regex: str, *, blocks: bool, accepted: str, advice: str) -> Rule:
        """Expect that each sampled value matches `regex`."""
        return Rule(self, "expect_column_values_to_match_regex", "text", {"regex": regex}, blocks, accepted, advice)


@dataclass(frozen=True)
class Rule:
    """One expectation about one measure.

    Attributes:
        measure: what it judges.
        expectation: Great Expectations' type.
        column: the profile's column that it reads: `low`, `high` or `text`.
        arguments: further arguments of the expectation.
        blocks: whether a breach keeps the release out of raw; else it is a warning.
        accepted: what is accepted, for people.
        advice: what to do on a breach.
    """

    measure: Measure
    expectation: str
    column: str
    arguments: dict[str, Any] = field(hash=False)
    blocks: bool
    accepted: str
    advice: str

    @property
    def name(self) -> str:
        """Unique within a suite."""
        limits = [f"{key}={self.arguments[key]}" for key in ("min_value", "max_value") if key in self.arguments]
        return " ".join((self.measure.name, *limits))


@dataclass(frozen=True)
class Suite:
    """The rules of one subject.

    Attributes:
        name: the subject.
        says: what the rules expect, for a reader of the asset graph.
        rules: the rules; (measure, limit) is unique.
    """

    name: str
    says: str
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        if not self.rules:
            raise ValueError(f"the suite {self.name} has no rules: it would always pass; give it one")


def format_figure(value: float, unit: str) -> str:
    """Return a figure as a person would write it."""
    if unit == SHARE:
        return f"{100 * value:.3g} %"
    if unit == RATIO:
        return f"{value:.3g} times"
    return f"{value:,.0f}"
