"""The commands that load and build: `leverage run`, `backfill`, `rebuild`, `audit`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import BAD_USAGE, DONE, FAILED, NOT_YET, Answer, Day, answers, stop, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.runs.report import RunReport


@click.command(epilog="Example: leverage run --release-date 2026-11-20")
@click.option("--release-date", "day", type=Day(), required=True, help="The release day to load.")
@answers
@with_settings
def run(settings: Settings, day: date) -> Answer:
    """Load one release day: download, check, load and model it.

    Safe to repeat: a day whose files have not changed is asked for and left alone; a corrected one replaces what was
    loaded of it. Exit code 3 means that the source has not published the day, or not all of it.
    """
    from pipeline.cli import console
    from pipeline.runs.nightly import run_release_days

    _require_release_day(settings, day)
    with console.Drawn() as progress:
        return run_answer(run_release_days(settings, day, day, recheck=True, progress=progress))


@click.command(epilog="Example: leverage backfill --start 2026-01-01 --end 2026-11-20")
@click.option("--start", type=Day(), required=True, help="First release day.")
@click.option("--end", type=Day(), required=True, help="Last release day, included.")
@click.option("--recheck", is_flag=True, help="Also ask for days that are loaded, in case they were corrected.")
@click.option(
    "--chunk-days", type=click.IntRange(1), help="Release days a run [default: 31; with the sample all at once]."
)
@answers
@with_settings
def backfill(settings: Settings, start: date, end: date, recheck: bool, chunk_days: int | None) -> Answer:
    """Load a range of release days, many in one run.

    Stop it whenever you like and start it again: loaded days are skipped, downloaded files are kept. A day that fails
    its checks is set aside and reported; the others go on.
    """
    from pipeline.cli import console
    from pipeline.runs.nightly import backfill_days

    if end < start:
        raise click.UsageError(f"--end {end} is before --start {start}")
    _require_release_day(settings, start)
    _require_release_day(settings, end)
    with console.Drawn() as progress:
        return run_answer(
            backfill_days(settings, start, end, recheck=recheck, chunk_days=chunk_days, progress=progress)
        )


@click.command(epilog="Example: leverage rebuild --er-version m1-000012")
@click.option("--er-version", help="With the decisions on parties as of this er_version [default: the newest].")
@answers
@with_settings
def rebuild(settings: Settings, er_version: str | None) -> Answer:
    """Build the warehouse again from raw and state; a damaged file is set aside first.

    Nothing is downloaded and nothing is lost: the warehouse is a projection of raw/ and state/. As of an older
    er_version, a name variant that was decided later has its first decision; the next night brings the tables forward
    again.
    """
    from pipeline.cli import console
    from pipeline.entities.registry import RegistryError
    from pipeline.runs.upkeep import rebuild_warehouse

    try:
        with console.Drawn() as progress:
            return run_answer(rebuild_warehouse(settings, progress=progress, er_version=er_version))
    except RegistryError as error:
        stop(str(error), BAD_USAGE)


@click.command(epilog="Example: leverage audit --json")
@answers
@with_settings
def audit(settings: Settings) -> Answer:
    """Run the tests that scan all history: accounting identities, uniqueness, contracts between tables.

    A night tests what it changed; this tests everything, and takes as long as the history is.
    """
    from pipeline.cli import console
    from pipeline.runs.upkeep import audit_warehouse

    tests = audit_warehouse(settings)
    failed = {name: message for name, message in tests.items() if message is not None}

    def show() -> None:
        for name, message in failed.items():
            console.out.print(f"failed: {name}: {message}", style="red")
        console.out.print(f"{len(tests) - len(failed)} of {len(tests)} audit tests passed")

    rows = [{"name": name, "passed": message is None, "message": message or ""} for name, message in tests.items()]
    return Answer({"success": not failed, "tests": rows}, show, FAILED if failed else DONE)


def run_answer(report: RunReport) -> Answer:
    """The answer of a run: failed when a step or a day failed, not yet when there was nothing to load."""
    from pipeline.cli import console

    code = exit_code(report.success, [item.outcome for item in report.days])
    return Answer(console.report_document(report), lambda: console.print_report(report), code)


def exit_code(success: bool, outcomes: list[str]) -> int:
    """The exit code of a run with these outcomes of its days."""
    if not success or "failed" in outcomes:
        return FAILED
    return NOT_YET if outcomes and set(outcomes) <= {"not_published", "incomplete"} else DONE


def _require_release_day(settings: Settings, day: date) -> None:
    from pipeline.defs.partitions import first_day, last_day

    first, last = first_day(settings), last_day(settings)
    if not first <= day <= last:
        raise click.UsageError(
            f"{day} is no release day of this source: give one from {first} to {last} "
            "(LEVERAGE_FIRST_RELEASE_DATE moves the first)"
        )
