"""The pages of `validation/`: Great Expectations' data docs of the newest runs, and an index over them.

    validation/index.html                         what the newest runs found, with links
    validation/validations/<suite>/<run>/...html  Great Expectations' own page of one suite
    validation/runs/<run>.json                    what the index knows of a run

Great Expectations forgets earlier runs (its context lives in memory), so its own index would show the last one only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pipeline.quality.checks import CheckResult
from pipeline.settings import Settings

if TYPE_CHECKING:
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

RUNS_KEPT: Final = 14
"""Two weeks of nights; one run has some 11 pages of 50 kB, whatever the number of its days."""
SHOWN_FAILURES: Final = 200
"""Sentences of one run in the index; the journal and the checks' own results have all of them."""
SITE: Final = "validation"

_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #1c2733; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; } th, td { text-align: left; padding: .2rem .8rem .2rem 0; }
th { font-weight: 600; border-bottom: 1px solid #b8c2cc; } td.n { text-align: right; }
.failed { color: #b00020; } .warned { color: #8a5a00; } .passed { color: #1b6e3c; } li { margin: .2rem 0; }
"""


def run_name(days: Sequence[date]) -> str:
    """A name for a run over `days`, unique and in the order of time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}--{min(days)}--{max(days)}"


def write_pages(settings: Settings, context: EphemeralDataContext, run: str, results: Sequence[CheckResult]) -> None:
    """Write the pages of one run, drop those of runs beyond the newest, and write the index anew.

    Args:
        settings: where pages lie.
        context: in which the suites were validated under the name `run`.
        run: from `run_name`.
        results: what the checks found.
    """
    folder = settings.validation_dir
    (folder / "runs").mkdir(parents=True, exist_ok=True)
    _data_docs(context, folder)
    (folder / "runs" / f"{run}.json").write_text(json.dumps(_summary(folder, run, results)), encoding="utf-8")
    _prune(folder)
    runs = [json.loads(path.read_bytes()) for path in sorted((folder / "runs").glob("*.json"), reverse=True)]
    draft = folder / ".index.draft"
    draft.write_text(_index(runs), encoding="utf-8")
    draft.replace(folder / "index.html")


def _data_docs(context: EphemeralDataContext, folder: Path) -> None:
    # Great Expectations' own type of this argument knows less than its documentation allows.
    site: Any = {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        "site_section_builders": {"expectations": "None", "profiling": "None"},
    }
    context.add_data_docs_site(SITE, site)
    context.build_data_docs(site_names=[SITE], build_index=False)


def _summary(folder: Path, run: str, results: Sequence[CheckResult]) -> dict[str, Any]:
    _, first, last = run.split("--")
    suites: dict[str, dict[str, Any]] = {}
    for result in results:
        entry = suites.setdefault(result.suite, {"checks": 0, "failed": 0, "warned": 0})
        entry["checks"] += 1
        if not result.passed:
            entry["failed" if result.blocking else "warned"] += 1
    for suite, entry in suites.items():
        pages = sorted((folder / "validations" / suite / run).rglob("*.html"))
        entry["page"] = pages[0].relative_to(folder).as_posix() if pages else None
    broken = sorted(
        (result for result in results if not result.passed),
        key=lambda result: (not result.blocking, result.release_date),
    )
    return {
        "run": run,
        "first": first,
        "last": last,
        "days": len({result.release_date for result in results}),
        "suites": suites,
        "failures": [
            {
                "level": "failed" if result.blocking else "warned",
                "where": f"{result.release_date} {result.table}, {result.suite}",
                "text": "; ".join(result.failed),
            }
            for result in broken[:SHOWN_FAILURES]
        ],
        "failures_left_out": max(0, len(broken) - SHOWN_FAILURES),
    }


def _prune(folder: Path) -> None:
    kept = {path.stem for path in sorted((folder / "runs").glob("*.json"))[-RUNS_KEPT:]}
    for path in (folder / "runs").glob("*.json"):
        if path.stem not in kept:
            path.unlink()
    for pages in (folder / "validations").glob("*/*"):
        if pages.name not in kept:
            shutil.rmtree(pages)


def _index(runs: Sequence[dict[str, Any]]) -> str:
    sections = "".join(_section(run) for run in runs)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Checks of staged releases</title>'
        f"<style>{_STYLE}</style></head><body><h1>Checks of staged releases</h1>"
        f"<p>The newest {RUNS_KEPT} runs, newest first. A failed check keeps its release out of raw; a warning does "
        f"not.</p>{sections}</body></html>"
    )


def _section(run: dict[str, Any]) -> str:
    span = run["first"] if run["first"] == run["last"] else f"{run['first']} to {run['last']}"
    days = "1 release" if run["days"] == 1 else f"{run['days']} releases"
    rows = "".join(_row(suite, entry) for suite, entry in run["suites"].items())
    items = "".join(
        f'<li><span class="{failure["level"]}">{failure["level"]}</span> <b>{escape(failure["where"])}</b>: '
        f"{escape(failure['text'])}</li>"
        for failure in run["failures"]
    )
    more = f"<p>and {run['failures_left_out']} more</p>" if run["failures_left_out"] else ""
    return (
        f"<h2>{span} ({days})</h2><p>checked at {run['run'].split('--')[0]}</p><table><tr><th>suite</th><th>checks</th>"
        f"<th>failed</th><th>warned</th></tr>{rows}</table><ul>{items}</ul>{more}"
    )


def _row(suite: str, entry: dict[str, Any]) -> str:
    name = escape(suite)
    if entry["page"]:
        name = f'<a href="{quote(entry["page"])}">{name}</a>'
    level = "failed" if entry["failed"] else "warned" if entry["warned"] else "passed"
    return (
        f'<tr><td class="{level}">{name}</td><td class="n">{entry["checks"]}</td><td class="n">{entry["failed"]}</td>'
        f'<td class="n">{entry["warned"]}</td></tr>'
    )
