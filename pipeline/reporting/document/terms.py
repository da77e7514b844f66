"""Explanations of the words that not every buyer knows, and of what the records cannot show."""

from __future__ import annotations

from typing import Final

TERMS: Final = {
    "teu": "TEU: a 20-foot container counts 1, a 40-foot one 2.",
    "tier": (
        "Tier: A from 25% of what the supplier ships to the US, B from 10%, C from 3%, D below; a customer moves "
        "only when it is clearly past a line (a fifth). It is a tier of volume: the supplier's own tiers are not "
        "public."
    ),
    "named": "Named: the bill names who buys. About a quarter of bills hide it, which the law allows.",
    "typical": "Typical order: the volume of the middle bill, half are larger and half smaller.",
    "needs": (
        "How much one side needs the other: its share of the other's volume, less what the other could replace. "
        "100% means all of it and nothing else in sight."
    ),
    "balance": (
        "Balance: how much they need you less how much you need them, from \N{MINUS SIGN}1 (they hold all the cards) "
        "to +1 (you do)."
    ),
    "together": "Tied together: both needs added, from 0 (neither would feel it) to 2 (neither can do without).",
    "alternative": (
        "Other suppliers: showed room means that it shipped the product to at least two buyers that are not related "
        "in the last year, and that its best weeks less its last ones leave room for a quarter of your yearly need; "
        "ships it means that it shipped the product to another buyer, room not shown; the rest shipped it within three "
        "years."
    ),
    "spare": (
        "Spare capacity: the supplier's best 13 weeks in three years less its last 13; where it ships seldom, its best "
        "and last 26 or 52 weeks."
    ),
    "hs": "HS: the customs code of a product; its first four digits are the heading.",
    "alike": "Alike: how much the cargo texts resemble yours; 100% is the same words.",
    "median": "Median customer: half of the named customers take more, half less.",
    "rhythm": "Usual gap: half of the gaps between two weeks with arrivals are shorter, half longer.",
    "confidential": (
        "Confidential treatment (19 CFR 103.31): an importer may ask US Customs to hide its name and its shippers' "
        "names for two years; only spellings that it files are hidden."
    ),
}
CAVEATS: Final = {
    "volume_tier": "A tier of volume, read from manifests. Which price goes with it the records do not say.",
    "own_silent": (
        "Your own name has stopped here, unlike your rhythm before. If you hide it or buy under another one, these "
        "figures count only what still shows."
    ),
    "unnamed": (
        "{hidden} of their US volume names no buyer; it may be anybody's, also yours. So a share has a lowest and "
        "a highest value."
    ),
    "other_ways": (
        "What you buy by air, inside the US, through a forwarder's name or under a name that we do not know as "
        "yours is not in it."
    ),
    "both_hidden": (
        "Of all volume of this product and origin, {both_hidden} hides buyer and supplier; it is in no company's "
        "figures."
    ),
    "slack_is_past": (
        "What they shipped to the US by sea, not what the factory can make: orders from elsewhere do not show."
    ),
    "dark_or_left": (
        "A name that stops may have left, or may be hidden by law while it buys on. Only volumes are compared; no "
        "bill without a name is given one."
    ),
    "not_asked": (
        "Nobody has asked these suppliers: the records show what they shipped, not price, quality or whether they "
        "want you."
    ),
    "spellings": "{uncertain} of your volume with them is under spellings that may be another company's.",
    "forwarder_heavy": (
        "Much of this volume moves under names of forwarders, who hide buyers: read the shares with care."
    ),
    "related_party": (
        "Your names are alike. If you belong to one group, these figures tell of transfers, not of a market."
    ),
    "no_price": "No price, no quality, no contract: manifests hold none.",
    "sea_only": (
        "Only cargo that comes to the US by sea: not what they sell elsewhere, by air, by truck or by rail. Little "
        "volume here does not mean a small company."
    ),
    "late_records": (
        "Records up to {cut_off} (week {week}, revision {revision}). The figures of the year are frozen as of "
        "then; single bills and older weeks are shown as they stand now, so a bill amended since may differ."
    ),
}
"""Texts with the values that they name."""
