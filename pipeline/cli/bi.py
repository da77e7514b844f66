"""The commands about the BI copy: `leverage bi publish`, `list`, `rollback`."""

from __future__ import annotations

import click

from pipeline.cli.command import DONE, FAILED, NOT_YET, Answer, answers, with_settings
from pipeline.settings import Settings


@click.group()
def bi() -> None:
    """Refresh, list or roll back the copy that BI tools open (docs/connecting.md)."""


@bi.command(epilog="Example: leverage bi publish")
@answers
@with_settings
def publish(settings: Settings) -> Answer:
    """Bring the BI copy up to the warehouse; nightly and weekly runs do it by themselves.

    After a rollback this shows the newest tables again.
    """
    from pipeline.cli import console
    from pipeline.runs.nightly import refresh_bi

    with console.Drawn() as progress:
        report = refresh_bi(settings, progress)
    code = DONE if report.success else FAILED
    return Answer(console.report_document(report), lambda: console.print_report(report), code)


@bi.command(name="list", epilog="Example: leverage bi list --json")
@answers
@with_settings
def list_(settings: Settings) -> Answer:
    """List the stored versions, newest last; the one that readers see is marked. Exit code 3: there is none."""
    from pipeline.bi.versions import current, versions
    from pipeline.cli import console

    stored, shown = versions(settings), current(settings)
    document = [
        {
            "version": version.number,
            "shown": version == shown,
            "made_at": version.made_at,
            "newest_release_date": version.newest_release_date,
            "rows": {name: content.rows for name, content in version.tables.items()},
            "file_bytes": version.file_bytes,
            "parquet_bytes": version.parquet_bytes,
        }
        for version in stored
    ]

    def show() -> None:
        if not stored:
            click.echo("there is no BI copy yet: run `leverage run` or `leverage bi publish`", err=True)
            return
        rows = [
            (
                str(version.number),
                version.made_at,
                version.newest_release_date or "",
                f"{sum(content.rows for content in version.tables.values()):,}",
                f"{version.file_bytes:,}",
                "shown" if version == shown else "",
            )
            for version in stored
        ]
        console.print_rows(("version", "made", "as of release", "rows", "bytes", ""), rows)

    return Answer(document, show, DONE if stored else NOT_YET)


@bi.command(epilog="Example: leverage bi rollback --to 12")
@click.option("--to", "number", type=click.IntRange(1), help="Version to show [default: the one before].")
@answers
@with_settings
def rollback(settings: Settings, number: int | None) -> Answer:
    """Show an older version of the BI copy, until the next publication.

    To keep it for longer, stop the schedules and sensors or fix the cause first: the next nightly or weekly run
    publishes again.
    """
    from pipeline.bi.versions import roll_back
    from pipeline.cli import console
    from pipeline.state.writer_lock import writer

    with console.Drawn() as progress, writer(settings.home, "`leverage bi rollback`", progress.waiting):
        version = roll_back(settings, number)
    return Answer(
        {"version": version.number, "newest_release_date": version.newest_release_date},
        lambda: click.echo(f"readers see version {version.number} now, as of release {version.newest_release_date}"),
    )
