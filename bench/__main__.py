"""`make bench`: speed and memory of the nightly run at the size of a national feed."""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bench.history import extend
from bench.measure import Measured, measure
from pipeline.settings import load_settings

FIRST: Final = date(2026, 3, 2)
MIB: Final = 1024**2
MEMORY_LIMIT: Final = "2500MiB"
"""For the engine alone: Python, Dagster, dbt and Great Expectations hold some 600 MiB beside it."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--days", type=int, default=30, help="release days of the month [30]")
    parser.add_argument("--bills-per-day", type=int, default=45_000, help="bills a release day [45000]")
    parser.add_argument("--long", type=int, default=365, help="release days of the long history; 0 leaves it out [365]")
    parser.add_argument("--folder", type=Path, help="where to work; kept [a temporary folder, removed]")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="import-leverage-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        Bench(folder, options.days, options.bills_per_day, options.long).run()
    finally:
        if options.folder is None:
            shutil.rmtree(folder)


class Bench:
    """One benchmark in one folder."""

    def __init__(self, folder: Path, days: int, bills_per_day: int, long: int) -> None:
        """Nothing is measured yet."""
        self.folder, self.days, self.bills_per_day, self.long = folder, days, bills_per_day, long
        self.world = folder / "world"
        self.night = FIRST + timedelta(days=days)

    def run(self) -> None:
        """Measure in order and print each figure as it comes."""
        print(f"{self.days} days x {self.bills_per_day:,} bills, two nights more, in {self.folder}")
        size = ["--days", str(self.days + 2), "--bills-per-day", str(self.bills_per_day)]
        where = ["--out", str(self.world), "--start", str(FIRST), "--seed", "5"]
        made = self._leverage("sample", *where, *size, home="none")
        bills = json.loads(made.output)["bills"]
        print(f"generate      {made.seconds:8.1f} s   {bills / made.seconds:,.0f} bills a second")

        month = self.folder / "month"
        month.mkdir(exist_ok=True)
        for number in range(self.days):
            day = FIRST + timedelta(days=number)
            target = month / f"{day:%Y/%Y%m%d}"
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.symlink_to(self.world / f"{day:%Y/%Y%m%d}")
        floor = measure(["-m", "bench.floor", str(month), str(self.folder / "floor.duckdb")], self.folder / "floor.log")
        print(f"floor         {floor.seconds:8.1f} s   bare DuckDB, text into tables, {int(floor.output):,} rows")

        last = FIRST + timedelta(days=self.days - 1)
        backfill = self._leverage("backfill", "--start", str(FIRST), "--end", str(last), home="home")
        print(f"backfill      {backfill.seconds:8.1f} s   {backfill.seconds / floor.seconds:.2f} x floor (aim 4)")
        self._steps(backfill)

        short = self._night("home", self.night)
        print(f"night on {self.days:<4} {short.seconds:8.1f} s   peak {short.peak_bytes / MIB:,.0f} MiB")
        self._steps(short)
        if self.long <= self.days:
            return
        settings = load_settings(home=self.folder / "long", source_url=self.world.as_uri())
        shutil.copytree(self.folder / "home" / "raw", settings.raw_dir)
        shutil.copytree(self.folder / "home" / "state", settings.state_dir)
        extend(settings, [FIRST + timedelta(days=n) for n in range(self.days)], self.long - self.days)
        rebuild = self._leverage("rebuild", home="long")
        print(f"rebuild {self.long:<5} {rebuild.seconds:8.1f} s   peak {rebuild.peak_bytes / MIB:,.0f} MiB")
        long = self._night("long", self.night + timedelta(days=1))
        print(f"night on {self.long:<4} {long.seconds:8.1f} s   peak {long.peak_bytes / MIB:,.0f} MiB (aim 4,096)")
        self._steps(long)
        second = self._night("home", self.night + timedelta(days=1))
        growth = long.seconds / second.seconds
        print(f"growth        {growth:8.2f}     the same night on {self.long} and on {self.days} days (aim 1.25)")

    def _night(self, home: str, day: date) -> Measured:
        return self._leverage("run", "--release-date", str(day), home=home)

    def _leverage(self, *arguments: str, home: str) -> Measured:
        environment = {
            "LEVERAGE_HOME": str(self.folder / home),
            "LEVERAGE_SOURCE_URL": self.world.as_uri(),
            "LEVERAGE_MEMORY_LIMIT": MEMORY_LIMIT,
        }
        log = self.folder / f"{arguments[0]}-{home}.log"
        return measure(["-m", "pipeline.cli", *arguments, "--json"], log, environment)

    def _steps(self, run: Measured) -> None:
        steps = json.loads(run.output[run.output.index("{") :])["step_seconds"]
        parts = "  ".join(f"{step} {seconds:.1f}" for step, seconds in steps.items())
        print(f"              {parts}, start and records {run.seconds - sum(steps.values()):.1f}")


if __name__ == "__main__":
    main()
