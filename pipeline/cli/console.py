"""What people see at the terminal: progress on standard error, results on standard output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from pipeline.cli.command import is_json
from pipeline.plain_text import printable
from pipeline.progress import Progress

if TYPE_CHECKING:
    from pipeline.runs.report import RunReport

STEPS: Final = {
    "import": "Importing",
    "land": "Downloading",
    "stage": "Reading",
    "check": "Checking",
    "accept": "Accepting",
    "resolve": "Resolving",
    "build": "Modelling",
    "compute_week": "Computing",
    "snapshot": "Freezing",
    "publish": "Publishing",
    "report": "Reporting",
    "bi": "Copying",
    "digests": "Delivering",
    "explain": "Explaining",
}
SHOWN_WARNINGS: Final = 10
SHOWN_DAYS: Final = 40
FAULTY: Final = ("failed", "incomplete", "partial")
"""Outcomes whose reason is shown however long ago the day is."""
WHOLE: Final = ("score", "entity", "alert", "week", "bills", "release")
"""Columns that are never wrapped: an id is there to be copied."""
NUMBERS: Final = ("rows in", "loaded", "quarantined", "bytes")
LINES_APART: Final = 200
"""Without a terminal, one line for so many release days keeps a log readable."""

out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
"""No text is read as markup: names, paths and columns from outside stand in most of them."""


class Drawn(Progress):
    """Draws a bar for each step; without a terminal prints a line now and then, with `--json` nothing."""

    def __init__(self, *, quiet: bool = False) -> None:
        """Nothing is drawn before the first step."""
        self._quiet = quiet or is_json()
        self._bars: Bars | None = None
        if not self._quiet and err.is_terminal:
            columns = (
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[note]}", markup=False),
                TimeElapsedColumn(),
            )
            self._bars = Bars(TextColumn("{task.description:<12}", markup=False), *columns, console=err)
        self._task: TaskID | None = None
        self._step, self._total, self._done = "", 0, 0
        self._warnings: list[str] = []

    def __enter__(self) -> Drawn:
        """Begin to draw."""
        if self._bars:
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop drawing and print the warnings."""
        if self._bars:
            self._bars.stop()
        if self._quiet:
            return
        for text in self._warnings[:SHOWN_WARNINGS]:
            err.print(printable(f"warning: {text}"), style="yellow")
        if len(self._warnings) > SHOWN_WARNINGS:
            err.print(f"(and {len(self._warnings) - SHOWN_WARNINGS} more warnings)", style="yellow")

    def started(self, step: str, total: int) -> None:
        """Add a bar."""
        self._step, self._total, self._done = STEPS.get(step, step), total, 0
        if self._bars:
            self._task = self._bars.add_task(self._step, total=total, note="")

    def advanced(self, note: str) -> None:
        """Advance the bar."""
        self._done += 1
        if self._bars and self._task is not None:
            self._bars.update(self._task, advance=1, note=printable(note))
        elif not self._quiet and (self._done == self._total or self._done % LINES_APART == 0):
            err.print(printable(f"{self._step} {self._done}/{self._total}: {note}"))

    def warned(self, text: str) -> None:
        """Collect a warning; all are printed at the end."""
        self._warnings.append(text)

    def waiting(self, text: str) -> None:
        """Print that another process is writing."""
        err.print(text, style="yellow")


def print_lines(lines: Sequence[str]) -> None:
    """Lines as they are, without control characters."""
    for line in lines:
        out.print(printable(line))


def print_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A plain table; its cells are never read as markup."""
    table = Table(box=None, header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head in WHOLE, justify="right" if head in NUMBERS else "left")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    out.print(table)


def print_faults(faults: Sequence[str]) -> None:
    """What failed, on standard error."""
    for fault in faults:
        err.print(printable(f"failed: {fault}"), style="red")


def duration_text(seconds: float, step_seconds: dict[str, float]) -> str:
    """Return a text such as "12.3 s (land 1.0 s, stage 2.1 s)"."""
    steps = ", ".join(f"{step} {duration:.1f} s" for step, duration in step_seconds.items())
    return f"{seconds:.1f} s" + (f" ({steps})" if steps else "")


def report_document(report: RunReport) -> dict[str, Any]:
    """The report as `--json` prints it."""
    days = [vars(day) for day in report.days]
    return {**vars(report), "seconds": round(report.seconds, 1), "days": days, "faults": list(report.faults)}


def print_report(report: RunReport) -> None:
    """The report for people: a table of days, the steps' times, what failed."""
    days = [day for day in report.days if day.outcome != "skipped"]
    if days:
        rows = [
            (
                str(day.release_date),
                day.outcome,
                *(f"{number:,}" for number in (day.rows_in, day.rows_loaded, day.rows_quarantined, day.bytes)),
                day.reason or "",
            )
            for day in [*(day for day in days[:-SHOWN_DAYS] if day.outcome in FAULTY), *days[-SHOWN_DAYS:]]
        ]
        print_rows(("release", "outcome", *NUMBERS, "reason"), rows)
        if len(days) > SHOWN_DAYS:
            out.print(f"(of {len(days)} release days the last {SHOWN_DAYS}, and before them those that failed)")
    counts = Counter(day.outcome for day in report.days)
    summary = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items()))
    out.print(f"{summary or 'done'} in {duration_text(report.seconds, report.step_seconds)}")
    if report.bi:
        out.print(f"BI copy: {report.bi}")
    print_faults(report.faults)
