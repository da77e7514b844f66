"""The weekly report: `reports/<WEEK>/index.html` and a page for each watched pair.

The pages ask for nothing from anywhere: no script, one style sheet and all pictures inside, and a policy that forbids
the rest. The same inputs give the same bytes: no clock, the dates are the data's.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline import formatting as fmt
from pipeline.alerts.watchlist import load_watchlist
from pipeline.plain_text import clean
from pipeline.reporting.facts.subject import Party, parties
from pipeline.reporting.templates import render_page
from pipeline.reporting.weekly import history
from pipeline.reporting.weekly.alerts import WeekAlerts, alert_cards, week_alerts
from pipeline.reporting.weekly.changes import Changes, compare
from pipeline.reporting.weekly.facts import Fact
from pipeline.reporting.weekly.index import change_rows, overview_figure, todo_list, watched_row
from pipeline.reporting.weekly.pages import PairPage, pair_page
from pipeline.reporting.weekly.rules import Cuts, read_cuts
from pipeline.reporting.weekly.snapshot import Frozen, Pair, Snapshot, read_frozen, snapshots, write_watched_pairs
from pipeline.reporting.weekly.watch import watched_pairs
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, parse_week
from pipeline.thresholds import YEAR_WEEKS
from pipeline.warehouse.connection import warehouse

UNIT_OF_NOTHING: Final = "kg"
"""Unit of the pictures of a pair without a frozen row: every bill has kilograms."""


@dataclass(frozen=True)
class Edition:
    """What every page says of the data behind it.

    Attributes:
        waived: release days that were passed over, each with its reason.
    """

    week: Week
    days: str
    last_day: str
    revision: int
    data_line: str
    waived: list[str]
    rules: str
    entities: str
    code: str


@dataclass(frozen=True)
class Gathered:
    """All that the pages of a week are made from."""

    edition: Edition
    tiles: list[Fact]
    pairs: list[Pair]
    frozen: Mapping[Pair, Frozen]
    histories: Mapping[Pair, history.History]
    parties: Mapping[str, Party]
    changes: Changes
    cuts: Cuts
    alerts: WeekAlerts


def write_report(settings: Settings, week: Week | str) -> Path:
    """Write the report of a frozen week, such as `2026-W46`, and return its first page.

    The folder appears whole: it is made beside its place and moved there; an older one of the same week is replaced.

    Raises:
        NoSnapshotError: the week is not frozen.
        WatchlistError: the watchlist is wrong.
        WarehouseError: the warehouse is not there or in use.
        WeekError: `week` is no ISO week.
    """
    chosen = parse_week(week) if isinstance(week, str) else week
    with warehouse(settings) as connection:
        gathered = _gather(settings, connection, chosen)
    folder = settings.reports_dir / chosen.text
    staged, old = folder.with_name(f".{chosen}.new"), folder.with_name(f".{chosen}.old")
    for leftover in (staged, old):
        shutil.rmtree(leftover, ignore_errors=True)
    staged.mkdir(parents=True)
    for name, text in pages(gathered).items():
        (staged / name).write_text(text, encoding="utf-8", newline="\n")
    if folder.exists():
        folder.replace(old)
    staged.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
    return folder / "index.html"


def pages(gathered: Gathered) -> dict[str, str]:
    """File name and HTML of each page."""
    edition = gathered.edition
    made: dict[str, str] = {}
    written: list[tuple[Pair, PairPage]] = []
    for pair in gathered.pairs:
        page = pair_page(
            pair, gathered.frozen[pair], gathered.histories[pair], gathered.parties, gathered.cuts, edition.week
        )
        written.append((pair, page))
        name = f"{page.slug}.html"
        if name in made:
            raise ValueError(f"two watched pairs have the file name {name}")
        made[name] = render_page("pair.html.j2", "report", page=page, edition=edition)
    rows = [
        watched_row(number, page, pair, gathered.frozen[pair], gathered.histories[pair])
        for number, (pair, page) in enumerate(written, start=1)
    ]
    placed = [
        (row.number, gathered.frozen[pair].whole, f"{row.buyer} from {row.supplier}")
        for row, (pair, _) in zip(rows, written, strict=True)
    ]
    slugs = {(pair.supplier_id, pair.consignee_id): page.slug for pair, page in written}
    changes = gathered.changes
    made["index.html"] = render_page(
        "index.html.j2",
        "report",
        tiles=gathered.tiles,
        alerts=gathered.alerts,
        cards=alert_cards(gathered.alerts.shown),
        since=changes.since,
        changes=change_rows(changes, gathered.parties, slugs),
        more={
            "crossed": changes.crossed_count - len(changes.crossed),
            "moves": changes.moves_count - len(changes.moves),
        },
        rows=rows,
        todo=todo_list(rows),
        overview=overview_figure(placed, gathered.cuts),
        edition=edition,
    )
    return made


def _gather(settings: Settings, connection: duckdb.DuckDBPyConnection, week: Week) -> Gathered:
    frozen_weeks = snapshots(settings, week)
    snapshot = frozen_weeks[-1]
    watchlist = load_watchlist(settings)
    before = watched_pairs(watchlist, connection, frozen_weeks[:-1]) if len(frozen_weeks) > 1 else []
    pairs = watched_pairs(watchlist, connection, frozen_weeks)
    write_watched_pairs(connection, pairs)
    frozen = read_frozen(connection, frozen_weeks, pairs)
    units = {pair: (frozen[pair].whole or {}).get("volume_unit") or UNIT_OF_NOTHING for pair in pairs}
    histories = history.histories(connection, snapshot, units)
    changes = compare(connection, snapshot, frozen_weeks[-2] if len(frozen_weeks) > 1 else None, before)
    edition, tiles = _edition(connection, snapshot, pairs, changes)
    return Gathered(
        edition=edition,
        tiles=tiles,
        pairs=pairs,
        frozen=frozen,
        histories=histories,
        parties=parties(connection, _named(pairs, frozen, histories, changes)),
        changes=changes,
        cuts=read_cuts(),
        alerts=week_alerts(connection, watchlist, week),
    )


def _edition(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, pairs: Sequence[Pair], changes: Changes
) -> tuple[Edition, list[Fact]]:
    manifest = snapshot.manifest
    cut_off, newest = fmt.day(manifest.cut_off), fmt.day(manifest.newest_release)
    coverage = history.named_share(connection, snapshot.week)
    partial = history.partial_releases(
        connection, snapshot.week.before(YEAR_WEEKS - 1).monday, snapshot.manifest.cut_off
    )
    waived = [f"{fmt.day(day)} ({clean(why)})" for day, why in sorted(manifest.inputs.waived.items())]
    data_line = (
        f"Records with a run date up to {cut_off}; newest release {newest}. Supplier and customer "
        f"are both named on {fmt.share(coverage)} of the kilograms of the 52 weeks."
    )
    edition = Edition(
        week=snapshot.week,
        days=f"{fmt.day(snapshot.week.monday)} \N{EN DASH} {fmt.day(snapshot.week.sunday)}",
        last_day=fmt.day(snapshot.week.sunday),
        revision=manifest.revision,
        data_line=data_line,
        waived=waived,
        rules=manifest.versions.ruleset_version,
        entities=manifest.versions.er_version,
        code=manifest.versions.code_version,
    )
    tiles = [
        Fact("Watched pairs", fmt.whole(len(pairs)), "each has a page"),
        Fact(
            "Tiers crossed",
            fmt.whole(changes.crossed_count) if changes.since else "first week",
            f"since {changes.since}" if changes.since else "nothing to compare with",
        ),
        Fact("Data up to", newest, f"records known by {cut_off}"),
        Fact("Both names readable", fmt.share(coverage), f"of the kilograms of 52 weeks{_partial(partial)}"),
        Fact("Days passed over", fmt.whole(len(waived)), "not published or not readable" if waived else "all came"),
    ]
    return edition, tiles


def _partial(releases: int) -> str:
    """What lacks beside the days passed over."""
    if not releases:
        return ""
    return f"; partial: {fmt.counted(releases, 'release lacks', 'releases lack')} rows of an optional table"


def _named(
    pairs: Sequence[Pair],
    frozen: Mapping[Pair, Frozen],
    histories: Mapping[Pair, history.History],
    changes: Changes,
) -> set[str]:
    """Every id whose name stands on a page."""
    wanted: set[str] = set()
    for pair in pairs:
        wanted.update((pair.supplier_id, pair.consignee_id))
        wanted.update(row["consignee_id"] for row in frozen[pair].ladder)
        wanted.update(row["alternative_supplier_id"] for row in frozen[pair].alternatives)
        wanted.update(row["from_supplier_id"] for row in frozen[pair].moves)
        wanted.update(part.customer for part in histories[pair].mix)
    for row in (*changes.crossed, *changes.moves, *changes.new, *changes.lost):
        wanted.update((row["supplier_id"], row["consignee_id"]))
    return wanted
