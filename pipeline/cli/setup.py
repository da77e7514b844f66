"""The commands around a home: `leverage doctor`, `sample`, `demo`."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import click

from pipeline.cli.command import DONE, FAILED, Answer, Day, answers, with_settings
from pipeline.settings import Settings


@click.command(epilog="Example: leverage sample --out world --days 30 --bills-per-day 2000 --seed 7")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
@click.option("--days", type=click.IntRange(1, 4000), default=30, show_default=True, help="Release days.")
@click.option("--bills-per-day", type=click.IntRange(1), default=1000, show_default=True, help="Bills a release day.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another world.")
@click.option("--start", type=Day(), default=None, help="First release day [default: so that the last is yesterday].")
@answers
def sample(out: Path, days: int, bills_per_day: int, seed: int, start: date | None) -> Answer:
    """Write an invented world of import records, of any size, in the layout of the real files.

    Point the pipeline at it with LEVERAGE_SOURCE_URL=file:///that/folder. Every company in it is invented.
    """
    from pipeline.cli import console
    from simulator.feed.writer import write_sample

    first = start or date.today() - timedelta(days=days)
    written = write_sample(out, days=days, bills_per_day=bills_per_day, seed=seed, start=first)
    text = (
        f"{written.bills:,} bills ({written.rows:,} rows, {written.bytes:,} bytes) in {written.files:,} files, "
        f"from {first} on, in {written.seconds:.1f} s\nLEVERAGE_SOURCE_URL={out.resolve().as_uri()}"
    )
    return Answer({**vars(written), "out": str(out), "start": first}, lambda: console.print_lines([text]))


@click.command(epilog="Example: leverage doctor --json")
@answers
def doctor() -> Answer:
    """Check configuration, versions, paths, source, warehouse and last runs; each line ok or what to do."""
    from pipeline.cli import console
    from pipeline.cli.doctor.examine import examine

    findings = examine()

    def show() -> None:
        for item in findings:
            style, mark = ("green", "ok  ") if item.ok else ("red", "fix ")
            console.out.print(mark, style=style, end="")
            console.print_lines([f"{item.subject}: {item.text}"])

    return Answer([vars(item) for item in findings], show, DONE if all(item.ok for item in findings) else FAILED)


@click.command(epilog="Example: leverage demo")
@with_settings
def demo(settings: Settings) -> None:
    """Run the whole job on the embedded sample: history, the last 7 nights, the last 4 weeks, and one brief."""
    from pipeline.cli.demo import run_demo

    sys.exit(DONE if run_demo(settings) else FAILED)
