"""Print how well groups by name agree with labelled sets of real firms and with invented ones.

python -m bench.groups FOLDER
"""

from __future__ import annotations

import sys
import zlib
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from bench import labelled
from pipeline.entities.names.groups import group_key
from pipeline.entities.names.parse import ParsedName, parse
from pipeline.entities.names.roles import role_by_name
from pipeline.entities.names.words import BRAND, COMMON
from simulator import known_variants as known

INVENTED: Final = (505, 606)
VARIANTS: Final = 10_000


def main() -> None:
    """Print a line for each half of each set, split by groups, and for each invented world."""
    for firms in labelled.firms(Path(sys.argv[1])):
        if firms.name == "lei_siblings":  # look-alikes with no label of their groups
            continue
        for half in (0, 1):
            rows = [row for row in firms.table.to_pylist() if zlib.crc32(f"{row['group_id']}x".encode()) % 2 == half]
            print(f"{firms.name:18} half {half + 1}  {_agreement(rows)}")
    for seed in INVENTED:
        rows = [row for row in known.drawn(VARIANTS, seed).to_pylist() if row["firm_id"]]
        print(f"invented, seed {seed}         {_agreement(rows)}")


def _agreement(rows: Iterable[dict[str, Any]]) -> str:
    """Return precision and recall of pairs of two firms; a firm has the first key that one of its variants has."""
    variants: dict[tuple[str, str], list[ParsedName]] = defaultdict(list)
    group: dict[tuple[str, str], str] = {}
    for row in rows:
        place = (row[name] or "" for name in ("city", "zip", "country_code", "state"))
        parsed = parse(row["raw_name"], row["raw_address"] or "", *place)
        if role_by_name(parsed) == "party":
            firm = (row["party_kind"], row["firm_id"])
            variants[firm].append(parsed)
            group[firm] = f"{row['party_kind']}|{row['group_id']}"
    by_group, by_key = defaultdict(list), defaultdict(list)
    for firm, names in variants.items():
        by_group[group[firm]].append(firm)
        if key := next(filter(None, map(group_key, names)), ""):
            by_key[firm[0], key].append(firm)
    words = {
        firm: {word.stands_for for name in names for word in name.name.words if word.kind in (BRAND, COMMON)}
        for firm, names in variants.items()
    }
    sisters = {pair for firms in by_group.values() for pair in combinations(firms, 2)}
    shown = {(one, other) for one, other in sisters if words[one] & words[other]}
    found = {pair for firms in by_key.values() for pair in combinations(firms, 2)}
    right = len(found & sisters)
    return (
        f"precision {right / max(len(found), 1):.3f} of {len(found):,}"
        f"  recall {right / max(len(sisters), 1):.3f} of {len(sisters):,}"
        f"  of {len(shown):,} that share a distinctive word {len(found & shown) / max(len(shown), 1):.3f}"
    )


if __name__ == "__main__":
    main()
