"""The key figures of a pair's page, each with the caveat that touches it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline import formatting as fmt
from pipeline.formatting import counted, reason_text
from pipeline.reporting.facts.loaded import OUTSIDE, Loaded
from pipeline.reporting.facts.published_week import Row
from pipeline.reporting.facts.subject import Party
from pipeline.reporting.market import Market
from pipeline.reporting.questions import MONTHS
from pipeline.reporting.weekly.figures import tier_words
from pipeline.reporting.weekly.snapshot import Frozen, Pair

MANY_TIMES: Final = 2
"""From here on a ratio reads better as times than as a percentage."""


@dataclass(frozen=True)
class Fact:
    """One figure with its name and the caveat that touches it."""

    label: str
    value: str
    note: str = ""


def key_facts(pair: Pair, frozen: Frozen, parties: Mapping[str, Party], market: Market, loaded: Loaded) -> list[Fact]:
    """The key figures of a pair's page; none where it has no frozen row."""
    row, tier = frozen.whole, frozen.tier
    if row is None or tier is None:
        return []
    size = fmt.measure([row["volume_52w"], tier["typical_order"]], row["volume_unit"])
    facts = [
        Fact(
            "We buy from them in 52 weeks",
            size.text(row["volume_52w"]),
            f"on {counted(row['bills_52w'], 'bill')}; a typical order is {size.text(tier['typical_order'])}",
        ),
        Fact("Our share of their volume", fmt.share(row["share_of_supplier"]), _share_note(row)),
        Fact("Their share of what we buy", fmt.share(row["share_of_buyer"]), _buyer_note(row)),
        _place(tier, loaded),
        *_rival(pair, frozen, tier, parties),
        Fact(
            "Others with room for us",
            fmt.whole(row["alternatives"]),
            f"in the product we buy most of here. {market.sentence()}",
        ),
        Fact("Names readable", fmt.share(row["coverage"]), _hidden_note(row)),
    ]
    if row["commitment_volume"]:
        facts.append(
            Fact(
                f"To reach tier {row['next_tier']}",
                fmt.volume(row["commitment_volume"], row["volume_unit"]),
                _sized_note(row),
            )
        )
    return facts


def _place(tier: Row, loaded: Loaded) -> Fact:
    if not loaded.supplier:
        return Fact("Our place", fmt.NOT_KNOWN, reason_text(tier["reason_code"]))
    return Fact(
        "Our place",
        f"{fmt.whole(tier['customer_rank'])} of {fmt.whole(tier['customers'])}",
        f"{tier_words(tier)}; the largest takes {_times_ours(tier['ratio_to_top'])}",
    )


def _share_note(row: Row) -> str:
    if row["share_of_supplier"] is None:
        return reason_text(OUTSIDE if row["reason_code"] == OUTSIDE else "no_volume")
    chance = fmt.share_range(row["interval_low"], row["interval_high"])
    by_chance = f"{chance} by the chance of single bills (9 times in 10)"
    high = fmt.share(row["share_of_supplier_high"])
    if high == fmt.share(row["share_of_supplier"]):
        return by_chance
    return f"up to {high} if all unnamed volume were ours; {by_chance}"


def _buyer_note(row: Row) -> str:
    if row["share_of_buyer"] is None and row["reason_code"] == OUTSIDE:
        return reason_text(OUTSIDE)
    high = fmt.share(row["share_of_buyer_high"])
    note = "of all that we import by sea under our name"
    return note if high == fmt.share(row["share_of_buyer"]) else f"{note}; up to {high} with what comes unnamed"


def _hidden_note(row: Row) -> str:
    note = "of their volume or of ours, whichever is less"
    hidden = row["both_hidden_share"]
    if not hidden:
        return note
    return f"{note}; {fmt.share(hidden)} of the market for it hides both names and is in no company's figures"


def _rival(pair: Pair, frozen: Frozen, tier: Row, parties: Mapping[str, Party]) -> list[Fact]:
    rival = next((item for item in frozen.ladder if item["consignee_id"] == pair.rival_id), None)
    if rival is None:
        return []
    if rival["volume_unit"] == "teu" and rival["containers_per_month"] and tier["containers_per_month"]:
        often = f"{fmt.counted(float(rival['containers_per_month']) * MONTHS, 'container')} in 52 weeks"
        ours = fmt.number(float(tier["containers_per_month"]) * MONTHS)
    else:
        size = fmt.measure([rival["volume_52w"], tier["volume_52w"]], rival["volume_unit"])
        often, ours = f"{size.text(rival['volume_52w'])} in 52 weeks", size.bare(tier["volume_52w"])
    share = fmt.share(rival["share_of_supplier"])
    return [Fact(f"The rival, {parties[rival['consignee_id']].name}", often, f"we: {ours}; its share {share}")]


def _sized_note(row: Row) -> str:
    part = row["commitment_share_of_purchases"]
    often = fmt.share(part) + " of" if part is None or part < MANY_TIMES else fmt.number(part) + " times"
    note = f"more in 52 weeks, {often} what we import in all"
    slack = row["commitment_share_of_slack"]
    if slack is None:
        return note
    if slack > 1:
        return f"{note}; a quarter of it is more than the room they showed"
    return f"{note}; a quarter of it is {fmt.share(slack)} of the room they showed"


def _times_ours(ratio: float | None) -> str:
    if not ratio:
        return fmt.NOT_KNOWN
    return "the most: us" if ratio >= 1 else f"{fmt.number(1 / float(ratio))} times as much"
