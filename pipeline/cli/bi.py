"""The commands about the BI copy: `leverage bi publish`, `list`, `rollback`."""

from __future__ import annotations

import sys

import click

from pipeline.cli.command import DONE, FAILED, NOT_YET, as_json, stop, with_settings
from pipeline.settings import Settings


@click.group()
def bi() -> None:
    """Refresh, list or take back the copy that BI tools open (docs/connecting.md)."""


@bi.command()
@as_json
@with_settings
def publish(settings: Settings, json_: bool) -> None:
    """Bring the BI copy up to the warehouse; nightly and weekly runs do it by themselves.

    After a rollback this shows the newest tables again.
    """
    from pipeline.cli import console
    from pipeline.runs.nightly import refresh_bi

    with console.Drawn(quiet=json_) as progress:
        report = refresh_bi(settings, progress)
    console.print_json(console.report_as_json(report)) if json_ else console.print_report(report)
    sys.exit(DONE if report.success else FAILED)


@bi.command(name="list")
@as_json
@with_settings
def list_(settings: Settings, json_: bool) -> None:
    """List the kept versions, newest last; the one that readers see is marked. Exit code 3: there is none."""
    from pipeline.bi.versions import current, versions
    from pipeline.cli import console

    kept, seen = versions(settings), current(settings)
    if json_:
        console.print_json(
            [
                {
                    "version": version.number,
                    "shown": version == seen,
                    "made_at": version.made_at,
                    "newest_release_date": version.newest_release_date,
                    "rows": {name: content.rows for name, content in version.tables.items()},
                    "file_bytes": version.file_bytes,
                    "parquet_bytes": version.parquet_bytes,
                }
                for version in kept
            ]
        )
    elif kept:
        console.print_rows(
            ("version", "made", "as of release", "rows", "bytes", ""),
            [
                (
                    str(version.number),
                    version.made_at,
                    version.newest_release_date or "",
                    f"{sum(content.rows for content in version.tables.values()):,}",
                    f"{version.file_bytes:,}",
                    "shown" if version == seen else "",
                )
                for version in kept
            ],
        )
    else:
        click.echo("there is no BI copy yet: run `leverage run` or `leverage bi publish`", err=True)
    sys.exit(DONE if kept else NOT_YET)


@bi.command(epilog="Example: leverage bi rollback --to 12")
@click.option("--to", "number", type=click.IntRange(1), help="Version to show [default: the one before].")
@as_json
@with_settings
def rollback(settings: Settings, number: int | None, json_: bool) -> None:
    """Show an older version of the BI copy, until the next publication.

    To keep it for longer, stop the schedules or mend the cause first: the next nightly or weekly run publishes anew.
    """
    from pipeline.bi.versions import BiError, roll_back
    from pipeline.cli import console
    from pipeline.state.writer_lock import writer

    try:
        with console.Drawn(quiet=json_) as progress, writer(settings.home, "`leverage bi rollback`", progress.waiting):
            version = roll_back(settings, number)
    except BiError as error:
        stop(str(error), FAILED)
    if json_:
        console.print_json({"version": version.number, "newest_release_date": version.newest_release_date})
    else:
        click.echo(f"readers see version {version.number} now, as of release {version.newest_release_date}")
