"""The figures of a pair's page: each a picture, what it says in a sentence, its legend, and its numbers as a table.

The sentence and the table are the text alternative: the picture itself is hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from pipeline import formatting as fmt
from pipeline.formatting import reason_text
from pipeline.reporting.charts import charts
from pipeline.reporting.charts.axes import axes
from pipeline.reporting.charts.svg import drawn
from pipeline.reporting.facts.published_week import Row
from pipeline.reporting.facts.subject import Party
from pipeline.reporting.weekly.rules import Cuts
from pipeline.reporting.weekly.snapshot import Frozen, Pair
from pipeline.snapshots.calendar import Week


@dataclass(frozen=True)
class Figure:
    """A picture with its words.

    Attributes:
        identifier: unique in the page.
        picture: `svg`, None where there is nothing to draw.
        says: the picture in sentences; where there is none, why.
        caveat: what to know when reading it, may be empty.
        legend: (role of a colour, text).
    """

    identifier: str
    title: str
    picture: Markup | None
    says: str
    caveat: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)


def axes_figure(frozen: Frozen, cuts: Cuts, week: Week) -> Figure:
    """Power against mutual dependence, with the trail of the last quarters."""
    title = "Who needs whom, and how much"
    reason = reason_text(frozen.whole["reason_code"]) if frozen.whole else "no bill in the 52 weeks"
    if not frozen.trail:
        return Figure("axes", title, None, f"Not drawn: {reason}.")
    points = [
        {
            "power": power,
            "mutual": mutual,
            "label": "now" if at == week else fmt.day(at.sunday),
            "says": f"{at}: power {fmt.signed(power)}, mutual {fmt.decimal(mutual)}",
            "is_now": at == week,
            "order": number,
        }
        for number, (at, power, mutual) in enumerate(frozen.trail)
    ]
    last_week, power, mutual = frozen.trail[-1]
    row = frozen.whole or {}
    figures = f"Power {fmt.signed(power)}, mutual dependence {fmt.decimal(mutual)}"
    box = None
    if last_week == week and row.get("power_low") is not None:
        figures = f"Power {ranged(row, 'power', fmt.signed)}, mutual dependence {ranged(row, 'mutual', fmt.decimal)}"
        box = {name: float(row[name]) for name in ("power_low", "power_high", "mutual_low", "mutual_high")}
    says = f"{figures}: {power_words(power, cuts)}, and {mutual_words(mutual, cuts)}."
    if last_week != week:
        says = f"Not known for this week: {reason}. In {last_week}: {figures.lower()}."
    if len(frozen.trail) > 1:
        first_week, first_power, first_mutual = frozen.trail[0]
        says += f" In {first_week}: power {fmt.signed(first_power)}, mutual {fmt.decimal(first_mutual)}."
    return Figure(
        "axes",
        title,
        drawn(axes(points, (cuts.power, cuts.mutual), box=box), "axes"),
        says,
        "Left: we need them more; right: they need us more; higher: both depend more. "
        + ("The pale box holds 9 of 10 years just like this one. " if box else "")
        + "No pair can lie in the shaded corners. Size is not power, and a manifest shows no price.",
        columns=("week", "power", "mutual"),
        rows=[(str(at), fmt.signed(power), fmt.decimal(mutual)) for at, power, mutual in reversed(frozen.trail)],
    )


def ranged(row: Row, name: str, form: Callable[[float], str]) -> str:
    """A figure with its range in brackets, where it has one: `0.38 (0.30 to 0.60)`."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    text = form(row[name])
    return text if low is None or high is None else f"{text} ({form(low)} to {form(high)})"


def power_words(power: float, cuts: Cuts) -> str:
    """What the first axis says."""
    if power >= cuts.power:
        return "they need us more than we need them"
    return "we need them more than they need us" if power <= -cuts.power else "neither side needs the other much more"


def mutual_words(mutual: float, cuts: Cuts) -> str:
    """What the second axis says."""
    return "together the two depend much" if mutual >= cuts.mutual else "together the two depend little"


def ladder_figure(pair: Pair, frozen: Frozen, parties: Mapping[str, Party], cuts: Cuts) -> Figure:
    """The supplier's customers on the steps of the tiers."""
    title = "Where we stand among its customers"
    own = frozen.tier
    if own is None:
        return Figure("ladder", title, None, "Not drawn: no bill of ours in the 52 weeks.")
    if own["share_of_supplier"] is None:
        return Figure("ladder", title, None, f"Not drawn: {reason_text(own['reason_code'])}.")
    size = fmt.measure([row["volume_52w"] for row in frozen.ladder], own["volume_unit"])
    rungs: list[dict[str, Any]] = []
    rows: list[tuple[str, ...]] = []
    for row in frozen.ladder:
        if row["share_of_supplier"] is None:
            continue
        low, high = float(row["share_of_supplier_low"]), float(row["share_of_supplier_high"])
        name = parties[row["consignee_id"]].name
        role = {pair.consignee_id: "us", pair.rival_id: "rival"}.get(row["consignee_id"], "other")
        tier = row["tier"] or "no tier"
        share = fmt.share(row["share_of_supplier"])
        volume = size.text(row["volume_52w"])
        rungs.append(
            {
                "name": f"{row['customer_rank']}. {name}{' (us)' if role == 'us' else ''}",
                "share": float(row["share_of_supplier"]),
                "low": low,
                "high": high,
                "role": role,
                "says": f"{name}: {share} ({fmt.share_range(low, high)}), {volume}, {tier}",
            }
        )
        rows.append(
            (
                fmt.whole(row["customer_rank"]),
                name + (" (us)" if role == "us" else ""),
                volume,
                share,
                fmt.share_range(low, high),
                tier,
                fmt.number(row["bills_per_month"]),
            )
        )
    # a bill may have no volume in the supplier's unit, and the scale has no place for nothing
    rungs = [rung for rung in rungs if rung["share"] > 0]
    if not rungs:
        return Figure("ladder", title, None, f"Not drawn: {reason_text('no_volume')}.")
    cut = cuts.tiers.get(own["next_tier"] or "")
    ours = float(own["share_of_supplier"])
    gap = {"share": ours, "to": cut} if cut and cut > ours > 0 else None
    rank = (
        "its only named customer"
        if own["customers"] == 1
        else f"number {fmt.whole(own['customer_rank'])} of {fmt.whole(own['customers'])} named customers"
    )
    share = fmt.share(own["share_of_supplier"])
    says = f"We are {rank}, {tier_words(own)}, with {share} of what it ships to the US by sea."
    if own["gap_to_next_tier"]:
        more = fmt.volume(own["gap_to_next_tier"], own["volume_unit"])
        says += f" Tier {own['next_tier']} is {more} in 52 weeks away."
    elif own["next_tier"] and own["gap_to_next_tier"] is not None:
        says += f" The cut of tier {own['next_tier']} is passed; the tier follows well above it only, so that it lasts."
    legend = [("us", "us"), *([("other1", "the rival")] if pair.rival_id else []), ("muted", "other named customers")]
    return Figure(
        "ladder",
        title,
        drawn(charts.ladder(rungs, cuts.tiers, gap), "ladder"),
        says,
        "A volume tier inferred from manifests: steps at "
        + ", ".join(f"{name} {fmt.share(cut)}" for name, cut in cuts.tiers.items())
        + ". The line through a mark runs to the share it would have if all unnamed volume were its own"
        + ("; the dotted one leads to our next step." if gap else "."),
        legend,
        ("rank", "customer", "52 weeks", "share", "between", "tier", "bills a month"),
        rows,
    )


def tier_words(tier: Row) -> str:
    """A tier in a sentence; why there is none."""
    return f"volume tier {tier['tier']}" if tier["tier"] else f"without a tier ({reason_text(tier['reason_code'])})"
