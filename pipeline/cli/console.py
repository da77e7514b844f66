"""What people see at the terminal: progress on standard error, results on standard output."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from pipeline.progress import Progress
from pipeline.runs.report import DayReport, RunReport

STEPS: Final = {
    "land": "Downloading",
    "stage": "Reading",
    "check": "Checking",
    "accept": "Accepting",
    "resolve": "Resolving",
    "build": "Modelling",
    "candidate": "Computing",
    "exit": "Checking",
    "snapshot": "Freezing",
    "published": "Publishing",
    "report": "Reporting",
    "publish": "Copying",
    "digests": "Telling",
    "explain": "Explaining",
}
SHOWN_WARNINGS: Final = 10
SHOWN_DAYS: Final = 40
WHOLE: Final = ("score", "entity", "alert", "week", "bills")
"""Columns that are never broken: an id is there to be copied."""
LINES_APART: Final = 200
"""Without a terminal, one line for so many release days: a log is to be read too."""

out = Console(highlight=False, soft_wrap=True)
wide = Console(highlight=False, width=120)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Drawn(Progress):
    """Draws a bar for each step; where no terminal is, a line now and then."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Nothing is drawn before the first step."""
        self._bars: Bars | None = None
        if not quiet and err.is_terminal:
            self._bars = Bars(
                TextColumn("{task.description:<12}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[note]}"),
                TimeElapsedColumn(),
                console=err,
            )
        self._quiet = quiet
        self._task: TaskID | None = None
        self._step, self._total, self._done = "", 0, 0
        self.warnings: list[str] = []

    def __enter__(self) -> Drawn:
        """Begin to draw."""
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop, and tell the warnings that came."""
        if self._bars:
            self._bars.stop()
        if self._quiet:
            return
        for text in self.warnings[:SHOWN_WARNINGS]:
            err.print(f"warning: {text}", style="yellow", markup=False)
        if len(self.warnings) > SHOWN_WARNINGS:
            err.print(f"(and {len(self.warnings) - SHOWN_WARNINGS} more warnings)", style="yellow")

    def started(self, step: str, total: int) -> None:
        """A step begins."""
        self._step, self._total, self._done = STEPS.get(step, step), total, 0
        if self._bars:
            self._task = self._bars.add_task(self._step, total=total, note="")

    def advanced(self, note: str) -> None:
        """One thing of the step is through."""
        self._done += 1
        if self._bars and self._task is not None:
            self._bars.update(self._task, advance=1, note=note)
        elif not self._quiet and (self._done == self._total or self._done % LINES_APART == 0):
            err.print(f"{self._step} {self._done}/{self._total}: {note}", markup=False)

    def warned(self, text: str) -> None:
        """Collect a warning; all are printed at the end."""
        self.warnings.append(text)

    def waiting(self, text: str) -> None:
        """Print that another process is writing."""
        err.print(text, style="yellow", markup=False)


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(document, default=str, indent=2) + "\n")


def print_lines(lines: Sequence[str]) -> None:
    """Lines as they are, without markup."""
    for line in lines:
        out.print(line, markup=False)


def print_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table; what stands in it is never read as markup."""
    table = Table(box=None, header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head in WHOLE)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)


def report_as_json(report: RunReport) -> dict[str, Any]:
    """The machine's form of a report."""
    return {
        "success": report.success,
        "run_id": report.run_id,
        "seconds": round(report.seconds, 1),
        "step_seconds": report.step_seconds,
        "days": [vars(day) for day in report.days],
        "faults": list(report.faults),
        "bi": report.bi,
    }


def print_report(report: RunReport) -> None:
    """The people's form of a report: a table of days, the steps' times, what failed."""
    told = [day for day in report.days if day.outcome != "skipped"]
    if told:
        out.print(days_table(told[-SHOWN_DAYS:]))
        if len(told) > SHOWN_DAYS:
            out.print(f"(the last {SHOWN_DAYS} of {len(told)} release days)")
    counts = Counter(day.outcome for day in report.days)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in report.step_seconds.items())
    out.print(f"{summary or 'done'} in {report.seconds:.1f} s" + (f" ({steps})" if steps else ""))
    if report.bi:
        out.print(f"BI copy: {report.bi}", markup=False)
    for fault in report.faults:
        err.print(f"failed: {fault}", style="red", markup=False)


def days_table(days: Sequence[DayReport]) -> Table:
    """A row for each release day."""
    table = Table(box=None, pad_edge=False)
    table.add_column("release")
    table.add_column("outcome")
    for name in ("rows in", "loaded", "quarantined", "bytes"):
        table.add_column(name, justify="right")
    table.add_column("reason", overflow="fold")
    for day in days:
        numbers = (day.rows_in, day.rows_loaded, day.rows_quarantined, day.bytes)
        table.add_row(str(day.release_date), day.outcome, *(f"{number:,}" for number in numbers), day.reason or "")
    return table
