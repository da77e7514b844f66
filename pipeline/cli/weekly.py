"""The commands of a published week: `leverage publish`, `diff`, `refill`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import click

from pipeline.cli.command import DONE, FAILED, NOT_YET, Answer, Day, answers, stop, with_settings
from pipeline.errors import NotReadyError
from pipeline.progress import Progress
from pipeline.settings import Settings

SHOWN_FIGURES: Final = (
    *(
        "volume_52w",
        "share_of_supplier",
        "share_of_buyer",
        "alternatives",
        "supplier_substitutability",
        "customer_substitutability",
        "depends_supplier",
    ),
    *("depends_buyer", "power", "mutual", "customer_rank", "tier", "gap_to_next_tier", "posture", "reason_code"),
)
"""What people are shown of a difference; `--json` has every figure."""

if TYPE_CHECKING:
    from pipeline.runs.weekly import PublishReport
    from pipeline.snapshots.differences.diff import Explanation, Overview
    from pipeline.snapshots.refill import Refill


@click.command(epilog="Example: leverage publish --as-of 2026-W46")
@click.option("--as-of", "week", help="ISO week such as 2026-W46 [default: the newest closed one].")
@click.option("--revise", metavar="REASON", help="Publish it again although no input has changed, and why.")
@click.option("--waive", type=Day(), help="A release day that will never come: no week waits for it any longer.")
@click.option("--reason", help="Why it is waived.")
@answers
@with_settings
def publish(settings: Settings, week: str | None, revise: str | None, waive: date | None, reason: str | None) -> Answer:
    """Publish a closed week: compute it as of its cut-off, check it, freeze it, report it.

    A published week is never changed: the same inputs write nothing new, corrected bytes inside its cut-off make a
    further revision with its reason. Exit code 3 means that no week, or not this one, is closed yet.
    """
    from pipeline.cli import console
    from pipeline.runs.weekly import publish_week
    from pipeline.snapshots.calendar import parse_week
    from pipeline.state.waivers import waive as waive_day

    if (waive is None) != (reason is None):
        raise click.UsageError("--waive and --reason belong together")
    wanted = parse_week(week) if week else None
    if waive is not None and reason is not None:
        waive_day(settings, waive, reason)
    with console.Drawn() as progress:
        report = publish_week(settings, wanted, progress=progress, revise=revise)
    return Answer(vars(report), lambda: _print_published(report), DONE if report.success else FAILED)


@click.command(epilog='Example: leverage diff 2026-W45 2026-W46 --supplier "ningbo huaxin" --buyer "hollow oak"')
@click.argument("first", metavar="WEEK")
@click.argument("second", metavar="WEEK")
@click.option("--supplier", help="Name or id of the supplier of one pair.")
@click.option("--buyer", help="Name or id of its buyer.")
@answers
@with_settings
def diff(settings: Settings, first: str, second: str, supplier: str | None, buyer: str | None) -> Answer:
    """Explain why published figures differ between two snapshots.

    WEEK is an ISO week (its newest revision) or one revision of it, such as 2026-W46@r1. For a pair each changed figure
    is split by cause: rules, entities, late data, volume, alternatives. States between the two snapshots are computed
    by the models where necessary, which takes as long as publishing a week; as of older decisions on parties, as long
    as a rebuild. Without a pair: the figures that changed most.
    """
    from pipeline.cli import console
    from pipeline.snapshots.differences.diff import Explanation
    from pipeline.snapshots.manifest import SnapshotError

    if (supplier is None) != (buyer is None):
        raise click.UsageError("--supplier and --buyer name one pair: give both, or none")
    try:
        with console.Drawn() as progress:
            found = _compared(settings, first, second, supplier, buyer, progress)
    except SnapshotError as error:
        stop(str(error), NOT_YET)
    if isinstance(found, Explanation):
        explanation = found
        return Answer(asdict(explanation), lambda: _print_explanation(explanation))
    return Answer(asdict(found), lambda: _print_overview(found))


@click.command(epilog="Example: leverage refill")
@answers
@with_settings
def refill(settings: Settings) -> Answer:
    """Show what other customers took when one of a tenth or more had left its supplier.

    The back-test of customer_substitutability over the records of the newest computed week: by how spread the other
    customers were, the part of the lost volume that they took within 52 weeks, net of the market's growth.
    """
    from pipeline.snapshots.refill import back_test

    found = back_test(settings)
    return Answer(asdict(found), lambda: _print_refill(found))


def _print_refill(found: Refill) -> None:
    """The people's form of the back-test."""
    from pipeline.cli import console

    rows = [
        (
            f"{band.spread_from:.2f}",
            f"{band.events:,}",
            *(_share(value) for value in (band.spread, band.share, band.refilled)),
        )
        for band in found.bands
    ]
    console.print_rows(("1 - HHI from", "customers left", "mean 1 - HHI", "their share", "refilled"), rows)
    of = "the default" if found.source == "default" else f"{found.events:,} customers that left"
    console.print_lines([f"refill scale {found.scale:.2f}, from {of}"])


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _compared(
    settings: Settings, first: str, second: str, supplier: str | None, buyer: str | None, progress: Progress
) -> Explanation | Overview:
    """What moved between two snapshots: of one pair with its causes, else in all."""
    from pipeline.snapshots.differences.diff import explain_pair, named_snapshot, overview
    from pipeline.state.writer_lock import writer

    one, other = named_snapshot(settings, first), named_snapshot(settings, second)
    if supplier is None or buyer is None:
        return overview(settings, one, other)
    pair = (_entity_id(settings, supplier, "supplier"), _entity_id(settings, buyer, "consignee"))
    with writer(settings.home, "`leverage diff`", progress.waiting):
        progress.started("explain", 1)
        explained = explain_pair(
            settings, one, other, *pair, on_compute=lambda state: progress.warned(f"computing {state}")
        )
        progress.advanced(f"{len(explained.changes)} figures")
    return explained


def _entity_id(settings: Settings, text: str, kind: str) -> str:
    from pipeline.entities.search.find import open_search

    found = open_search(settings).find(text, kind, 1)
    if not found:
        raise NotReadyError(f"no {kind} like {text!r} was seen; `leverage search` finds names by any name variant")
    return found[0].entity_id


def _print_explanation(found: Explanation) -> None:
    """The people's form of the causes of a pair."""
    from pipeline.cli import console
    from pipeline.snapshots.differences.causes import CAUSES

    console.print_lines([f"{found.first} -> {found.second}: {found.supplier_id}, {found.consignee_id}"])
    line = "{:<8} {:<18} {:>11} {:>11} {:>11} " + " {:>12}" * len(CAUSES)
    shown = [item for item in found.changes if item.change is not None and item.figure in SHOWN_FIGURES]
    if shown:
        console.print_lines([line.format("product", "figure", "before", "after", "change", *CAUSES)])
    for item in shown:
        numbers = (f"{value:.6g}" for value in (item.before, item.after, item.change))
        causes = (f"{item.causes[cause]:+.4g}" if item.causes[cause] else "" for cause in CAUSES)
        console.print_lines([line.format(item.hs4, item.figure, *numbers, *causes)])
    for item in found.changes:
        if item.change is None and item.figure in SHOWN_FIGURES:
            why = item.why_not or "; ".join(f"{cause}: {words}" for cause, words in item.causes.items())
            line = f"{item.hs4} {item.figure}: {_plain(item.before)} -> {_plain(item.after)} ({why})"
            console.print_lines([line])
    if not found.changes:
        console.print_lines(["no figure of this pair has changed"])
    for item in shown:
        if item.why_not:
            console.print_lines([f"note: {item.hs4} {item.figure}: {item.why_not}"])
    for note in found.notes:
        console.print_lines([f"note: {note}"])


def _print_overview(found: Overview) -> None:
    """The people's form of what moved in all."""
    from pipeline.cli import console

    counts = ", ".join(f"{count:,} {word}" for word, count in found.counts.items())
    lines = [f"{found.first} -> {found.second}: leverage rows: {counts}"]
    lines += [f"  {name}: {before} -> {after}" for name, (before, after) in found.versions.items()]
    lines += [f"  {found.inputs}"] if found.inputs else []
    console.print_lines(lines)
    rows = [
        (
            pair["supplier_id"],
            pair["consignee_id"],
            *(f"{pair[name]:+.3f}" for name in ("power_before", "power_after", "power_change")),
        )
        for pair in found.pairs
    ]
    if rows:
        console.print_rows(("supplier", "buyer", "power before", "after", "change"), rows)


def _plain(value: Decimal | str | None) -> str:
    return "none" if value is None else f"{value:.6g}" if isinstance(value, Decimal) else value


def _print_published(report: PublishReport) -> None:
    """The people's form of a publication."""
    from pipeline.cli import console

    lines = [f"{report.as_of_week}: {report.outcome}" + (f", revision {report.revision}" if report.revision else "")]
    if report.success and report.snapshot:
        lines.append(f"  why       {report.reason}")
        lines.append(f"  snapshot  {report.snapshot}")
        lines += [f"  {rows:>9,} rows of {name}" for name, rows in report.rows.items()]
        lines += [f"  waived    {day}: {why}" for day, why in report.waived.items()]
    if report.digests:
        lines.append(f"  digests   {report.digests}")
    if report.newer:
        lines.append(f"note: {report.newer}")
    if report.step_seconds:
        lines.append(f"in {console.duration_text(report.seconds, report.step_seconds)}")
    console.print_lines(lines)
    console.print_faults(report.faults)
