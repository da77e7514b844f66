"""One week's detection over as many suppliers as a national feed has, in a process of its own, at two sizes.

`python -m bench.alerts.size [--suppliers N ...]`. Bills a year are lognormal over suppliers, as spread as the records':
the median has ten, one in fifty has some 300 and more, and customers grow with the square root.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.measure import measure
from pipeline.detection.activity import read
from pipeline.detection.detect import detect
from pipeline.detection.mix.significance import LEAST_BILLS, thick

SIZES: Final = (30_000, 300_000)
WEEKS: Final = 104
WEEK: Final = 2930
MEDIAN_A_YEAR: Final = 10.0
SPREAD: Final = 1.7
BURST: Final = 1.8
UNNAMED: Final = 0.12
AIM_S: Final = 300
AIM_GIB: Final = 6
GIB: Final = 1024**3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerts.size", description=__doc__)
    parser.add_argument("--suppliers", type=int, nargs="+", default=SIZES, help="how many [30000 300000]")
    given = parser.parse_args()
    took = []
    with tempfile.TemporaryDirectory(prefix="alerts-size-") as name:
        for suppliers in given.suppliers:
            file = Path(name) / f"{suppliers}.parquet"
            rows = write(file, suppliers)
            run = measure(["-m", "bench.alerts.size", "detect", str(file)], Path(name) / f"{suppliers}.log")
            measured = json.loads(run.output.strip().splitlines()[-1])
            took.append(run.seconds)
            print(
                f"alerts over {suppliers:>8,} suppliers x {WEEKS} weeks, {rows:,} rows, {measured['bills']:,} bills: "
                f"{run.seconds:.1f} s (aim {AIM_S}), peak {run.peak_bytes / GIB:.1f} GiB (aim {AIM_GIB}); "
                f"{measured['thick']:,} suppliers have {LEAST_BILLS} bills in 8 weeks and are tested, "
                f"{measured['findings']:,} findings",
                flush=True,
            )
    if len(took) > 1:
        more = given.suppliers[-1] / given.suppliers[0]
        print(f"growth {took[-1] / took[0]:.1f} times the time for {more:.0f} times the suppliers")


def write(file: Path, suppliers: int, seed: int = 7) -> int:
    """Write invented activity in any order; returns its rows."""
    rng = np.random.default_rng(seed)
    years = WEEKS / 52
    volume = MEDIAN_A_YEAR * np.exp(SPREAD * rng.standard_normal(suppliers))
    orders = rng.poisson(volume * years / BURST)
    supplier = np.repeat(np.arange(suppliers, dtype=np.int32), orders)
    customers = np.ceil(np.sqrt(volume)).astype(np.int32)[supplier]
    choice = (rng.random(len(supplier), dtype=np.float32) ** 2 * customers).astype(np.int32)
    week = rng.integers(WEEK - WEEKS + 1, WEEK + 1, len(supplier), dtype=np.int32)
    bills = 1 + rng.poisson(BURST - 1, len(supplier)).astype(np.int32)
    hidden = rng.random(len(supplier), dtype=np.float32) < UNNAMED
    key = (supplier.astype(np.int64) * 100_003 + choice * 7919) % 1_500_000
    table = pa.table(
        {
            "supplier_key": pa.array(supplier),
            "consignee_key": pa.array(key, mask=hidden),
            "week_number": week,
            "bills": bills,
        }
    )
    table = table.group_by(["supplier_key", "consignee_key", "week_number"]).aggregate([("bills", "sum")])
    table = table.rename_columns(["supplier_key", "consignee_key", "week_number", "bills"])
    table = table.append_column("market_index", pa.array(np.ones(table.num_rows)))
    pq.write_table(table, file)
    return int(table.num_rows)


def run(file: Path) -> None:
    """Read and detect in this process; prints counts."""
    started = time.monotonic()
    table = pq.read_table(file)
    found = detect(table, week=WEEK, first_week=WEEK - WEEKS + 1)
    seconds = time.monotonic() - started
    tested = int(thick(read(table, week=WEEK, weeks=WEEKS), WEEKS - 1).sum())
    bills = int(table["bills"].to_numpy().sum())
    print(json.dumps({"seconds": seconds, "findings": found.num_rows, "thick": tested, "bills": bills}))


if __name__ == "__main__":
    run(Path(sys.argv[2])) if sys.argv[1:2] == ["detect"] else main()
