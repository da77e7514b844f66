"""The group of firms that a name and an address suggest: sisters share it, and are never merged for it.

A group is named by the brand: a rare distinctive word. In the United States, where unrelated firms share many words,
only firms of one
brand at one address are a group.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.words import BRAND, RAREST, rarity

SHORTEST_BRAND: Final = 5
"""Letters; measured on cement owners: .996 of the pairs of one brand are of one group, shorter words add none."""


def group_key(parsed: ParsedName) -> str:
    """Return the id of the group that a name variant suggests; empty where it suggests none."""
    brands = [
        word.stands_for
        for word in parsed.name.words
        if word.kind == BRAND and len(word.stands_for) >= SHORTEST_BRAND and rarity(word) == RAREST
    ]
    place = parsed.place
    if not brands or (parsed.name.is_cut and len(parsed.name.words) == 1):
        return ""
    # Chinese names begin with the city, which may be in no list, and end with the brand
    brand = brands[-1] if place.country == "CN" else brands[0]
    if place.country in ("US", ""):
        house = min(place.houses, key=lambda number: (-len(number), number), default="")
        code = max(place.zips, default="") or place.city
        if not (house and code):
            return ""
        brand = f"{brand}|{house}|{code}"
    return f"grp_{blake2b(brand.encode(), digest_size=8).hexdigest()}"
