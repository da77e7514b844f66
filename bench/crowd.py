"""Resolving a crowd from scratch, and a night of new name variants on top, each in a process of its own.

`python -m bench.crowd [--variants N] [--night N] [--seed K]`
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from bench.measure import measure
from pipeline.entities import registry
from pipeline.entities.matching.resolve import Matching
from pipeline.entities.name_variants import VARIANT_SCHEMA
from pipeline.settings import load_settings
from simulator import known_variants as known

ALL_S, NIGHT_S, MOST_GIB = 1200, 30, 8
"""Aims for a million name variants and a night of 5,000."""
GIB: Final = 1024**3
MEMORY_LIMIT: Final = "3GiB"
"""For the engine alone, as a host that has eight would set it: what does not fit is written to disk meanwhile."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    parser.add_argument("--variants", type=int, default=1_000_000, help="invented name variants at first [1000000]")
    parser.add_argument("--night", type=int, default=5_000, help="new ones on top [5000]")
    parser.add_argument("--seed", type=int, default=404, help="of the invented firms [404]")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crowd-") as name:
        folder = Path(name)
        drawn = known.drawn(given.variants + given.night, given.seed).select(VARIANT_SCHEMA.names)
        # ids are digests: in their order the last ones are new name variants of old firms, and new firms
        drawn = drawn.sort_by("spelling_id")
        pq.write_table(drawn.slice(0, given.variants), folder / "all.parquet")
        pq.write_table(drawn.slice(given.variants), folder / "night.parquet")
        del drawn
        for what, count, seconds in (("all", given.variants, ALL_S), ("night", given.night, NIGHT_S)):
            run = measure(
                ["-m", "bench.crowd", str(folder / "home"), str(folder / f"{what}.parquet")],
                folder / "log",
                {"LEVERAGE_MEMORY_LIMIT": MEMORY_LIMIT},
            )
            took = json.loads(run.output.strip().splitlines()[-1])
            counts = ", ".join(f"{number:,} {name}" for name, number in took["counts"].items())
            print(
                f"{what:6} {count:>10,} variants {took['seconds']:8.1f} s (aim {seconds:,})   "
                f"peak {run.peak_bytes / GIB:.1f} GiB with its workers (aim {MOST_GIB})   {counts}"
            )


def resolve(home: Path, variants: Path) -> None:
    """Decide on the name variants of a file and keep what was decided; prints what it took."""
    settings, resolver = load_settings(home=home), Matching()
    new = pq.read_table(variants)
    started = time.monotonic()
    found = resolver(settings, new)
    registry.write_batch(
        settings, found.decisions, found.entities, model=resolver.model, release_days={}, others=found.others
    )
    seconds = time.monotonic() - started
    print(json.dumps({"seconds": seconds, "counts": dict(found.counts)}))


if __name__ == "__main__":
    resolve(*map(Path, sys.argv[1:])) if len(sys.argv) == 3 and not sys.argv[1].startswith("-") else main()
