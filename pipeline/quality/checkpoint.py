"""The one place that calls Great Expectations: run suites on a profile as one checkpoint, and build the data docs.

Great Expectations is imported inside, because that costs seconds. Its context lives in memory; only validation results
and data docs are files, so that no two processes share its configuration.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from expectations.rules import Rule, Suite

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

INDEX: Final = ["release_date", "table_name", "row"]
"""The columns by which a broken row is found again; `row` is the profile's row of a text, -1 of a figure."""
RUNS_KEPT: Final = 14
"""Two weeks of nights in the data docs."""
SHOWN_ON_PAGES: Final = 20
CHECKPOINT: Final = "staged_release"
SITE: Final = "validation"
RESULTS_NAME: Final = "results"


@dataclass(frozen=True)
class SuiteResult:
    """The result of validating one suite.

    Attributes:
        broken: for each rule, by its number, the rows of the profile that broke it.
        faults: what was wrong with the validation itself; when there is any, nothing has passed.
    """

    broken: dict[int, list[int]]
    faults: tuple[str, ...]


def run_checkpoint(folder: Path, suites: Sequence[Suite], frame: pd.DataFrame, run_name: str) -> dict[str, SuiteResult]:
    """Validate a profile against suites, and add the run to the data docs.

    A validation must earn its pass: an empty profile, fewer results than rules, a rule that judged other than all its
    figures, or an exception inside Great Expectations are faults.

    Args:
        folder: of the data docs.
        suites: what to validate.
        frame: rows in the form of `pipeline.quality.figures`; each rule reads the rows of its measure.
        run_name: sorts by time and is unique.
    """
    if frame.empty:
        return {suite.name: SuiteResult({}, (f"the suite {suite.name} was given no figures",)) for suite in suites}
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

    wide = wide_frame(frame, suites)
    context = _context(folder)
    profile = context.data_sources.add_pandas("staged").add_dataframe_asset("profile")
    batch = profile.add_batch_definition_whole_dataframe("all")
    definition = gx.ValidationDefinition(name=CHECKPOINT, data=batch, suite=context.suites.add(_suite(suites)))
    checkpoint = gx.Checkpoint(
        name=CHECKPOINT,
        validation_definitions=[context.validation_definitions.add(definition)],
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": INDEX,
            "partial_unexpected_count": SHOWN_ON_PAGES,
        },
    )
    run = context.checkpoints.add(checkpoint).run(
        batch_parameters={"dataframe": wide}, run_id=RunIdentifier(run_name=run_name)
    )
    _prune(folder)
    context.build_data_docs(site_names=[SITE], resource_identifiers=list(run.run_results))
    results: dict[str, list[ExpectationValidationResult]] = defaultdict(list)
    for item in next(iter(run.run_results.values())).results:
        results[_meta(item)["suite"]].append(item)
    keys = zip(frame["measure"], frame["release_date"], frame["table_name"], strict=True)
    position = {key: row for row, key in enumerate(keys)}
    return {suite.name: read_results(suite, results[suite.name], wide, position) for suite in suites}


def wide_frame(frame: pd.DataFrame, suites: Sequence[Suite]) -> pd.DataFrame:
    """Return the profile as Great Expectations reads it: a column for each measure and bound.

    Figures have one row for each release day and table, texts follow with one row each.
    """
    is_text = frame["low"].isna()
    figures = frame[~is_text].pivot(index=INDEX[:2], columns="measure", values=["low", "high"])
    figures.columns = figures.columns.map(lambda column: f"{column[1]}.{column[0]}")
    texts = frame.loc[is_text, INDEX[:2]].assign(row=frame.index[is_text])
    for measure in {rule.measure.name for suite in suites for rule in suite.rules if rule.column == "text"}:
        texts[f"{measure}.text"] = frame["text"].where(frame["measure"] == measure)
    wide = pd.concat([figures.reset_index().assign(row=-1), texts], ignore_index=True)
    return wide.reindex(columns=list(dict.fromkeys([*wide.columns, *(_column(r) for s in suites for r in s.rules)])))


def read_results(
    suite: Suite,
    results: Sequence[ExpectationValidationResult],
    wide: pd.DataFrame,
    position: Mapping[tuple[str, str, str], int],
) -> SuiteResult:
    """Read the results of one suite with distrust.

    Args:
        suite: the suite validated.
        results: what Great Expectations answered for each rule.
        wide: the frame that was validated.
        position: row of each figure in the profile, by measure, day and table.
    """
    faults: list[str] = []
    if len(results) != len(suite.rules):
        faults.append(
            f"Great Expectations gave {len(results)} results for the {len(suite.rules)} expectations of {suite.name}"
        )
    broken: dict[int, list[int]] = {}
    for item in results:
        number = int(_meta(item)["number"])
        rule = suite.rules[number]
        where = f"{suite.name}, {rule.name}"
        found = item.result or {}
        entries = found.get("unexpected_index_list") or []
        judged = found.get("element_count", 0) - found.get("missing_count", 0)
        expected = int(wide[_column(rule)].notna().sum())
        if raised := list(_raised(item.exception_info)):
            faults.append(f"{where}: Great Expectations raised {raised[0]}")
        elif judged != expected:
            faults.append(f"{where}: {judged} figures were judged, not the {expected} that there are")
        elif bool(item.success) == bool(entries):
            faults.append(f"{where}: success is {item.success}, but {len(entries)} breaches are named")
        else:
            name = rule.measure.name
            broken[number] = [
                position[name, entry["release_date"], entry["table_name"]] if entry["row"] < 0 else entry["row"]
                for entry in entries
            ]
    return SuiteResult(broken, tuple(faults))


def _column(rule: Rule) -> str:
    return f"{rule.measure.name}.{rule.column}"


def _meta(item: ExpectationValidationResult) -> dict[str, Any]:
    assert item.expectation_config is not None  # every result of a validation carries its expectation
    return dict(item.expectation_config.meta)


def _suite(suites: Sequence[Suite]) -> ExpectationSuite:
    """Return one suite of Great Expectations with the rules of all subjects.

    One for each subject would cost half a second of a night more, most of it in the index over their pages.
    """
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    expectations = [
        ExpectationConfiguration(
            type=rule.expectation,
            kwargs={"column": _column(rule), **rule.arguments},
            meta={"suite": suite.name, "number": number},
            description=f"{rule.measure.says}: {rule.accepted}",
            severity=FailureSeverity.CRITICAL if rule.blocks else FailureSeverity.WARNING,
        ).to_domain_obj()
        for suite in suites
        for number, rule in enumerate(suite.rules)
    ]
    return gx.ExpectationSuite(name=CHECKPOINT, expectations=expectations)


def _context(folder: Path) -> EphemeralDataContext:
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        data_docs_sites={
            SITE: {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
                "site_section_builders": {"expectations": "None", "profiling": "None"},
            }
        },
    )
    config.stores[config.validation_results_store_name]["store_backend"] = {
        "class_name": "TupleFilesystemStoreBackend",
        "base_directory": str(folder / RESULTS_NAME),
    }
    return gx.get_context(mode="ephemeral", project_config=config)


def _prune(folder: Path) -> None:
    """Remove the results and pages of all but the newest runs."""
    newest = sorted({run.name for run in (folder / RESULTS_NAME).glob("*/*")})[-RUNS_KEPT:]
    for name in (RESULTS_NAME, "validations"):
        for run in (folder / name).glob("*/*"):
            if run.name not in newest:
                shutil.rmtree(run)


def _raised(info: dict[str, Any] | None) -> Iterator[str]:
    """Yield messages of exceptions: Great Expectations gives one record, or one for each metric."""
    for entry in (info or {}, *(info or {}).values()):
        if isinstance(entry, dict) and entry.get("raised_exception"):
            yield str(entry.get("exception_message"))
