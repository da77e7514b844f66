"""The one place that calls Great Expectations: run a suite's rules on a frame and say which rows broke them.

Great Expectations is imported inside, because that costs seconds; its context lives in memory only.
A validation must earn its pass: no rules, an empty frame, fewer results than rules, a rule that looked at other
than all its rows, or an exception inside Great Expectations make it fail.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from expectations.rules import Rule, Suite

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

INDEX: Final = ["release_date", "table_name", "row"]
"""The columns by which a broken row is found again; `row` is its place in the frame."""
SHOWN_ON_PAGES: Final = 20


@dataclass(frozen=True)
class Verdicts:
    """What came of validating one suite.

    Attributes:
        broken: for each rule, by its place in the suite, the places of the frame's rows that broke it.
        faults: what was wrong with the validation itself; when there is any, nothing in the frame has passed.
        result: Great Expectations' own result, for the pages; None when it did not come to one.
    """

    broken: dict[int, list[int]]
    faults: tuple[str, ...]
    result: ExpectationSuiteValidationResult | None


def new_context() -> EphemeralDataContext:
    """A context in memory that neither shows progress nor reports home."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read once, when Great Expectations is imported
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def validate(
    context: EphemeralDataContext, suite: Suite, rules: Sequence[Rule], frame: pd.DataFrame, run: str
) -> Verdicts:
    """Validate `frame` against `rules`.

    Args:
        context: from `new_context`.
        suite: the suite that the rules are of; its name must not have been validated in this context yet.
        rules: the rules to be looked at.
        frame: rows in the form of `pipeline.quality.figures`; each rule reads the rows of its measure.
        run: name of the run, for the pages.
    """
    if not rules:
        return Verdicts({}, (f"the suite {suite.name} holds no expectations",), None)
    if frame.empty:
        return Verdicts({}, (f"the suite {suite.name} was given no figures to look at",), None)
    wide = _with_columns(frame, rules)
    looked_at = {number: int(wide[_column(rule)].notna().sum()) for number, rule in enumerate(rules)}
    return judged(suite, rules, looked_at, _run(context, suite, rules, wide, run))


def judged(
    suite: Suite, rules: Sequence[Rule], looked_at: Mapping[int, int], result: ExpectationSuiteValidationResult
) -> Verdicts:
    """Read a result with distrust.

    Args:
        suite: the suite validated.
        rules: the rules that were asked for.
        looked_at: how many figures each rule, by its place, was to look at.
        result: what Great Expectations answered.
    """
    by_number = {_number(item): item for item in result.results}
    faults: list[str] = []
    broken: dict[int, list[int]] = {}
    if len(by_number) < len(rules):
        faults.append(
            f"Great Expectations gave {len(by_number)} results for the {len(rules)} expectations of {suite.name}"
        )
    for number, item in by_number.items():
        where = f"{suite.name}, {rules[number].name}"
        found = item.result or {}
        places = list(_places(found))
        seen = found.get("element_count", 0) - found.get("missing_count", 0)
        if raised := list(_raised(item.exception_info)):
            faults.append(f"{where}: Great Expectations raised {raised[0]}")
        elif seen != looked_at[number]:
            faults.append(f"{where}: {seen} figures were looked at, not the {looked_at[number]} that there are")
        elif bool(item.success) == bool(places):
            faults.append(f"{where}: success is {item.success}, but {len(places)} breaches are named")
        else:
            broken[number] = places
    return Verdicts(broken, tuple(faults), result)


def _column(rule: Rule) -> str:
    return f"{rule.measure}.{rule.column}"


def _with_columns(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """The frame with one column for each measure, empty in the rows of others.

    A row condition would say the same, but doubles the cost of a validation (0.65 s against 1.3 s of a night).
    """
    rows = frame.reset_index(drop=True)
    wide = rows[["release_date", "table_name"]].assign(row=rows.index)
    for rule in rules:
        wide[_column(rule)] = rows[rule.column].where(rows["measure"] == rule.measure)
    return wide


def _run(
    context: EphemeralDataContext, suite: Suite, rules: Sequence[Rule], frame: pd.DataFrame, run: str
) -> ExpectationSuiteValidationResult:
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.datasource.fluent.pandas_datasource import PandasDatasource

    source = context.data_sources.all().get("profile") or context.data_sources.add_pandas("profile")
    assert isinstance(source, PandasDatasource)
    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
    asked = gx.ExpectationSuite(
        name=suite.name,
        expectations=[_expectation(number, rule) for number, rule in enumerate(rules)],
        notes=suite.says,
    )
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=batch, suite=context.suites.add(asked))
    )
    return definition.run(
        batch_parameters={"dataframe": frame},
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": INDEX,
            "partial_unexpected_count": SHOWN_ON_PAGES,
            "exclude_unexpected_values": any(rule.private for rule in rules),
        },
        run_id=RunIdentifier(run_name=run),
    )


def _expectation(number: int, rule: Rule) -> Any:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    return ExpectationConfiguration(
        type=rule.expectation,
        kwargs={"column": _column(rule), **rule.arguments},
        meta={"number": number},
        description=f"{rule.says}: {rule.accepted}",
        severity=FailureSeverity.CRITICAL if rule.blocks else FailureSeverity.WARNING,
    ).to_domain_obj()


def _number(item: ExpectationValidationResult) -> int:
    """The rule's place in the suite."""
    assert item.expectation_config is not None  # every result of a validation carries its question
    return int(item.expectation_config.meta["number"])


def _places(found: Mapping[str, Any]) -> Iterator[int]:
    """Places of broken rows: one entry a row, or where values are withheld one entry with a list of all rows."""
    for entry in found.get("unexpected_index_list") or ():
        yield from map(int, entry["row"] if isinstance(entry["row"], list) else [entry["row"]])


def _raised(info: dict[str, Any] | None) -> Iterator[str]:
    """Messages of exceptions: Great Expectations gives one record, or one for each metric."""
    for entry in (info or {}, *(info or {}).values()):
        if isinstance(entry, dict) and entry.get("raised_exception"):
            yield str(entry.get("exception_message"))
