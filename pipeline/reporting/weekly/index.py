"""What the first page shows, as its template takes it: the watched pairs in a table and a picture, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline import formatting as fmt
from pipeline.reporting.charts import charts
from pipeline.reporting.charts.axes import apart, axes
from pipeline.reporting.charts.svg import drawn
from pipeline.reporting.facts.published_week import Row
from pipeline.reporting.facts.subject import Party
from pipeline.reporting.weekly.changes import Changes
from pipeline.reporting.weekly.figures import Figure
from pipeline.reporting.weekly.history import History
from pipeline.reporting.weekly.pages import PairPage, headline
from pipeline.reporting.weekly.rules import Cuts
from pipeline.reporting.weekly.snapshot import Frozen, Pair

Linked = tuple[str | None, tuple[str, ...]]
"""A printed row with the name of its page, None where it has none."""


@dataclass(frozen=True)
class WatchedRow:
    """A pair in the first page's table."""

    number: int
    slug: str
    buyer: str
    supplier: str
    why: str
    tier: str
    share: str
    power: str
    mutual: str
    posture: str
    picture: Markup
    spoken: str


def watched_row(number: int, page: PairPage, pair: Pair, frozen: Frozen, history: History) -> WatchedRow:
    """A pair in a line."""
    row, tier = frozen.whole or {}, frozen.tier or {}
    size = fmt.measure(history.pair, history.unit)
    bars = ", ".join(size.bare(bar) for bar in history.pair)
    return WatchedRow(
        number=number,
        slug=page.slug,
        buyer=page.buyer.name,
        supplier=page.supplier.name,
        why=pair.why,
        tier=tier.get("tier") or "none",
        share=fmt.share(tier.get("share_of_supplier")),
        power=fmt.signed(row.get("power")),
        mutual=fmt.decimal(row.get("mutual")),
        posture=headline(row),
        picture=drawn(charts.spark(history.pair), f"s{number}"),
        spoken=f"{size.name} in bars of 4 weeks, oldest first: {bars}",
    )


def overview_figure(rows: Sequence[tuple[int, Row | None, str]], cuts: Cuts) -> Figure:
    """All watched pairs on the two axes, by their number in the table."""
    points: list[dict[str, Any]] = [
        {
            "power": float(row["power"]),
            "mutual": float(row["mutual"]),
            "label": str(number),
            "says": f"{number}. {name}: power {fmt.signed(row['power'])}, mutual {fmt.decimal(row['mutual'])}",
            "is_now": True,
            "order": number,
        }
        for number, row, name in rows
        if row and row["power"] is not None
    ]
    title = "Watched pairs on the two axes"
    if not points:
        return Figure("axes", title, None, "Not drawn: no watched pair has figures for both axes.")
    counts = {"weak": 0, "balanced": 0, "strong": 0}
    for point in points:
        side = "strong" if point["power"] >= cuts.power else "weak" if point["power"] <= -cuts.power else "balanced"
        counts[side] += 1
    says = (
        f"Of {len(points)} pairs, we need the supplier more in {counts['weak']}; it needs us more in "
        f"{counts['strong']}; {counts['balanced']} are balanced."
    )
    unknown = len(rows) - len(points)
    if unknown:
        says += f" {fmt.counted(unknown, 'more pair has', 'more pairs have')} no figures for both axes."
    return Figure(
        "axes",
        title,
        drawn(axes(apart(points), (cuts.power, cuts.mutual), trail=False), "axes"),
        says,
        "Numbers are those of the table, which also holds the figures; marks that would cover each other are moved "
        "apart.",
    )


def todo_list(rows: Sequence[WatchedRow]) -> list[tuple[str, list[WatchedRow]]]:
    """The watched pairs by what to do about them, in the order of their first."""
    groups: dict[str, list[WatchedRow]] = {}
    for row in rows:
        groups.setdefault(row.posture, []).append(row)
    return list(groups.items())


def change_rows(
    changes: Changes, parties: Mapping[str, Party], slugs: Mapping[tuple[str, str], str]
) -> dict[str, list[Linked]]:
    """The changes as printed: for each kind (slug of its page or None, cells)."""

    def who(row: Row) -> tuple[str, str]:
        return parties[row["consignee_id"]].name, parties[row["supplier_id"]].name

    def linked(row: Row, *cells: str) -> Linked:
        return slugs.get((row["supplier_id"], row["consignee_id"])), (*who(row), *cells)

    crossed = [
        linked(
            row,
            fmt.from_to(row["tier_before"], row["tier_now"]),
            fmt.from_to(fmt.share(row["share_before"]), fmt.share(row["share_now"])),
        )
        for row in changes.crossed
    ]
    moves = [
        linked(
            row,
            fmt.from_to(fmt.signed(row["power_before"]), fmt.signed(row["power_now"])),
            fmt.share_change(row["share_now"] - row["share_before"]),
        )
        for row in changes.moves
    ]

    def ends(rows: Sequence[Row]) -> list[Linked]:
        return [
            linked(row, fmt.volume(row["volume_52w"], row["volume_unit"]), fmt.day(row["last_bill_date"]))
            for row in rows
        ]

    return {"crossed": crossed, "moves": moves, "new": ends(changes.new), "lost": ends(changes.lost)}
