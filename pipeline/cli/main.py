"""The console script `leverage`: parses, calls, prints.

Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 nothing to do yet (a release that is not published).
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import click

from pipeline.cli.alerts import alerts
from pipeline.cli.bi import bi
from pipeline.cli.brief import brief, mirror
from pipeline.cli.command import BAD_USAGE, DONE, FAILED, NOT_YET, Day, as_json, stop, with_settings
from pipeline.cli.deliver import deliver
from pipeline.cli.entities import explain, review, search
from pipeline.cli.weekly import diff, publish
from pipeline.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="import-leverage")
def main() -> None:
    """Turn public US import records into tables that tell a buyer what the supplier already knows.

    Settings come from the environment and `.env` (prefix LEVERAGE_, see .env.example); `leverage doctor` checks them.

    Exit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 nothing to do yet.
    """


@main.command(epilog="Example: leverage run --release-date 2026-11-20")
@click.option("--release-date", "day", type=Day(), required=True, help="The release day to load.")
@as_json
@with_settings
def run(settings: Settings, day: date, json_: bool) -> None:
    """Load one release day: download, check, load and model it.

    Safe to repeat: a day whose files have not changed is asked for and left alone; a corrected one replaces what was
    loaded of it. Exit code 3 means that the source has not published the day, or not all of it.
    """
    from pipeline.cli import console
    from pipeline.runs.nightly import run_release_days

    _demand_day(settings, day)
    with console.Drawn(quiet=json_) as progress:
        report = run_release_days(settings, day, day, recheck=True, progress=progress)
    console.print_json(console.report_as_json(report)) if json_ else console.print_report(report)
    sys.exit(exit_code(report.success, [item.outcome for item in report.days]))


@main.command(epilog="Example: leverage backfill --start 2026-01-01 --end 2026-11-20")
@click.option("--start", type=Day(), required=True, help="First release day.")
@click.option("--end", type=Day(), required=True, help="Last release day, included.")
@click.option("--recheck", is_flag=True, help="Also ask for days that are loaded, in case they were corrected.")
@click.option(
    "--chunk-days", type=click.IntRange(1), help="Release days a run [default: 31; with the sample all at once]."
)
@as_json
@with_settings
def backfill(settings: Settings, start: date, end: date, recheck: bool, chunk_days: int | None, json_: bool) -> None:
    """Load a range of release days, many in one run.

    Stop it whenever you like and start it again: days that are loaded are passed over, what was downloaded is kept.
    A day that fails its checks is set aside and told; the others go on.
    """
    from pipeline.cli import console
    from pipeline.runs.nightly import backfill_days

    if end < start:
        raise click.UsageError(f"--end {end} lies before --start {start}")
    _demand_day(settings, start)
    _demand_day(settings, end)
    with console.Drawn(quiet=json_) as progress:
        report = backfill_days(settings, start, end, recheck=recheck, chunk_days=chunk_days, progress=progress)
    console.print_json(console.report_as_json(report)) if json_ else console.print_report(report)
    sys.exit(exit_code(report.success, [item.outcome for item in report.days]))


@main.command(epilog="Example: leverage rebuild --er-version m1-000012")
@click.option("--er-version", help="With the decisions on parties as of this er_version [default: the newest].")
@as_json
@with_settings
def rebuild(settings: Settings, er_version: str | None, json_: bool) -> None:
    """Build the warehouse anew from raw and state; a damaged file is set aside first.

    Nothing is downloaded and nothing is lost: the warehouse is a projection of what lies in raw/ and state/. As of an
    older er_version, a spelling that was decided later stands as it was first decided; the next night moves the tables
    forward again.
    """
    from pipeline.cli import console
    from pipeline.entities.registry import RegistryError
    from pipeline.runs.upkeep import rebuild_warehouse

    try:
        with console.Drawn(quiet=json_) as progress:
            report = rebuild_warehouse(settings, progress=progress, er_version=er_version)
    except RegistryError as error:
        stop(str(error), BAD_USAGE)
    console.print_json(console.report_as_json(report)) if json_ else console.print_report(report)
    sys.exit(exit_code(report.success, []))


@main.command()
@as_json
@with_settings
def audit(settings: Settings, json_: bool) -> None:
    """Run the tests that look at all history: accounting identities, uniqueness, contracts between tables.

    A night tests what it touched; this tests everything, and takes as long as the history is.
    """
    from pipeline.cli import console
    from pipeline.runs.upkeep import audit_warehouse

    tests = audit_warehouse(settings)
    failed = [item for item in tests if not item.passed]
    if json_:
        console.print_json({"success": not failed, "tests": [vars(item) for item in tests]})
    else:
        for item in failed:
            console.out.print(f"failed: {item.name}: {item.message}", style="red", markup=False)
        console.out.print(f"{len(tests) - len(failed)} of {len(tests)} audit tests passed")
    sys.exit(FAILED if failed else DONE)


@main.command(epilog="Example: leverage sample --out world --days 30 --bills-per-day 2000 --seed 7")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write.")
@click.option("--days", type=click.IntRange(1, 4000), default=30, show_default=True, help="Release days.")
@click.option("--bills-per-day", type=click.IntRange(1), default=1000, show_default=True, help="Bills a release day.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another world.")
@click.option("--start", type=Day(), default=None, help="First release day [default: so that the last is yesterday].")
@as_json
def sample(out: Path, days: int, bills_per_day: int, seed: int, start: date | None, json_: bool) -> None:
    """Write an invented world of import records, of any size, in the layout of the real files.

    Point the pipeline at it with LEVERAGE_SOURCE_URL=file:///that/folder. Every firm in it is invented.
    """
    from pipeline.cli import console
    from simulator.feed.writer import write_sample

    first = start or date.today() - timedelta(days=days)
    written = write_sample(out, days=days, bills_per_day=bills_per_day, seed=seed, start=first)
    if json_:
        console.print_json({**vars(written), "out": str(out), "start": first})
    else:
        console.out.print(
            f"{written.bills:,} bills ({written.rows:,} rows, {written.bytes:,} bytes) in {written.files:,} files, "
            f"from {first} on, in {written.seconds:.1f} s\nLEVERAGE_SOURCE_URL={out.resolve().as_uri()}",
            markup=False,
        )


@main.command()
@as_json
def doctor(json_: bool) -> None:
    """Check configuration, versions, paths, source, warehouse and last runs; each line ok or what to do."""
    from pipeline.cli import console
    from pipeline.cli.doctor import examine

    findings = examine()
    if json_:
        console.print_json([vars(item) for item in findings])
    else:
        for item in findings:
            style, mark = ("green", "ok  ") if item.ok else ("red", "fix ")
            console.out.print(f"[{style}]{mark}[/{style}] {item.subject}: ", end="")
            console.out.print(item.text, markup=False)
    sys.exit(DONE if all(item.ok for item in findings) else FAILED)


@main.command()
@with_settings
def demo(settings: Settings) -> None:
    """Run the whole job on the embedded sample: history, the last 7 nights, the last 4 weeks, and one brief."""
    from pipeline.cli.demo import run_demo

    sys.exit(DONE if run_demo(settings) else FAILED)


for command in (publish, diff, brief, mirror, alerts, deliver, search, explain, review, bi):
    main.add_command(command)


def exit_code(success: bool, outcomes: list[str]) -> int:
    """The exit code of a run: failed when a step or a day failed, not yet when nothing was there to load."""
    if not success or "failed" in outcomes:
        return FAILED
    waiting = {"not_published", "incomplete"}
    return NOT_YET if outcomes and set(outcomes) <= waiting else DONE


def _demand_day(settings: Settings, day: date) -> None:
    from pipeline.defs.partitions import first_day, last_day

    first, last = first_day(settings), last_day(settings)
    if not first <= day <= last:
        raise click.UsageError(
            f"{day} is no release day of this source: give one from {first} to {last} "
            "(LEVERAGE_FIRST_RELEASE_DATE moves the first)"
        )


if __name__ == "__main__":
    main()
