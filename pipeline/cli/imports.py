"""The command `leverage import`: vendor exports in, a summary out."""

from __future__ import annotations

import shlex
import shutil
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import DONE, FAILED, Answer, Day, answers, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.ingest.exports.store import Export
    from pipeline.runs.imports import ImportReport


@click.command("import", epilog="Example: leverage import panjiva_results_1_to_1832_of_1832.xlsx")
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    default="auto",
    show_default=True,
    help="A vendor (panjiva, importgenius, ...) or MAPPING.toml.",
)
@click.option("--scope", help='What it has all of: supplier="...", buyer="...", product=HS, lane=COUNTRY, all, none.')
@click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd"]), help="Order of dates such as 8/8/2023.")
@click.option("--exported-on", type=Day(), help="Day of the query [default: of the workbook, the name or the file].")
@click.option("--without-bill-numbers", is_flag=True, help="Load rows without bill numbers; nothing is de-duplicated.")
@click.option("--check", is_flag=True, help="Read and report only; nothing is kept.")
@answers
@with_settings
def import_(
    settings: Settings,
    paths: tuple[Path, ...],
    format_: str,
    scope: str | None,
    dates: str | None,
    exported_on: date | None,
    without_bill_numbers: bool,
    check: bool,
) -> Answer:
    """Load vendor exports (CSV, XLSX, JSON, or a zip of them) and publish what they show.

    Prints what was mapped and what was not, what the export can and cannot answer, and what to export next. Without a
    path it loads what is new in LEVERAGE_INBOX.
    """
    from pipeline.ingest.exports.importing import Options, check_files
    from pipeline.ingest.exports.scope import parse_scope

    options = Options(format_, parse_scope(scope) if scope else None, dates, without_bill_numbers, exported_on)
    if check:
        if not paths:
            raise click.UsageError("--check needs the path of an export")
        exports = [export for path in paths for export in check_files(settings, path, options)]
        return _checked(exports)
    from pipeline.cli import console
    from pipeline.runs.imports import import_exports, import_inbox

    with console.Drawn() as progress:
        if paths:
            report = import_exports(settings, paths, options, progress)
        else:
            report = import_inbox(settings, options, progress)
    return _imported(settings, report)


def brief_command(home: Path, program: Path, supplier: str, buyer: str) -> str:
    """Return the command of a brief that works where this one did: same program, same home."""
    is_default = home == Path(str(Settings.model_fields["home"].default)).resolve()
    prefix = "" if is_default else f"LEVERAGE_HOME={shlex.quote(str(home))} "
    leverage = str(program) if program.name == "leverage" and not shutil.which("leverage") else "leverage"
    return (
        f"  {prefix}{shlex.quote(leverage)} brief --supplier {supplier} --buyer {buyer} --format html --out brief.html"
    )


def _checked(exports: list[Export]) -> Answer:
    from pipeline.cli import console
    from pipeline.ingest.exports.summary import document, lines

    def show() -> None:
        for export in exports:
            console.print_lines(lines(export))
        console.out.print("Nothing was kept: leave out --check to load.")

    return Answer([document(export) for export in exports], show, DONE if exports else FAILED)


def _imported(settings: Settings, report: ImportReport) -> Answer:
    from pipeline.cli import console
    from pipeline.ingest.exports.summary import document, lines

    pair = None
    if report.week:
        from pipeline.runs.imports import largest_pair

        pair = largest_pair(settings)

    def show() -> None:
        for item in report.files:
            console.print_lines(lines(item.export))
            if item.is_known:
                console.print_lines(["  note       imported before: its bytes are known, nothing was done"])
        for name, reason in report.refused.items():
            console.print_lines([f"refused {name}: {reason}"])
        if report.run:
            console.print_faults(report.run.faults)
            loaded = sum(1 for day in report.run.days if day.outcome in ("loaded", "partial"))
            console.print_lines([f"{loaded:,} release days loaded in {report.run.seconds:.0f} s"])
        console.print_lines([f"published {report.week}" if report.week else f"no week published: {report.fault}"])
        if pair:
            console.print_lines(
                [
                    f"brief of the largest pair, {pair.supplier_name} and {pair.consignee_name}:",
                    brief_command(settings.home, Path(sys.argv[0]), pair.supplier_id, pair.consignee_id),
                ]
            )

    found = {
        "files": [{**document(item.export), "is_known": item.is_known} for item in report.files],
        "run": console.report_document(report.run) if report.run else None,
        "week": report.week,
        "fault": report.fault,
        "refused": report.refused,
        "largest_pair": asdict(pair) if pair else None,
    }
    return Answer(found, show, DONE if report.success else FAILED)
