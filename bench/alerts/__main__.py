"""`python -m bench.alerts`: false alarms, false discoveries, power and delay of the alerts and of the usual methods."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from typing import Final

import numpy as np

from bench.alerts.judge import FOUND_WITHIN, Verdict, judge
from bench.alerts.planted import SHIFTS
from bench.alerts.recipient import Case, measure
from bench.alerts.usual import DESIGNS, METHODS, finder, flags
from bench.alerts.world import FIRST_WEEK, HISTORY, Setting, World, make
from pipeline.detection.activity import read
from pipeline.detection.findings import DETECTED
from pipeline.detection.mix import significance

NOMINAL: Final = 0.05
QUIET_WEEKS: Final = (130, 137, 143, 149, 155)
"""Evaluated weeks over half a year, so that a season shows."""
VOLUMES: Final = (50, 200, 1000)
BURSTS: Final = (1.0, 1.8, 3.0)
EVEN: Final = 0.2
"""Spread of volumes where a volume is the point."""
BULK_SIZES: Final = 1.0
"""Standard deviation of the logarithm of a bulk customer's volume a shipment: a tenth ship 3.6 times the middle."""
BASE: Final = Setting(seed=0, renamed=0.02, past_shifted=0.08)
WORLDS: Final = {
    "57, calm": replace(BASE, median=57, noise="calm"),
    "57, medium": replace(BASE, median=57),
    "57, volatile": replace(BASE, median=57, noise="volatile"),
    "191, medium": replace(BASE, median=191),
    "200 even, calm": replace(BASE, median=200, spread=EVEN, noise="calm"),
    "200 even, medium": replace(BASE, median=200, spread=EVEN),
    "200 even, volatile": replace(BASE, median=200, spread=EVEN, noise="volatile"),
    "200 even, drifting": replace(BASE, median=200, spread=EVEN, drifting=True),
    "1000 even, medium": replace(BASE, median=1000, spread=EVEN),
}
"""All with 4 % of suppliers shifted in the half year, 8 % in the two years before (a spoilt reference), 2 % renamed."""
COMPARED: Final = ("57, medium", "200 even, medium")
"""Worlds in which the usual methods are judged too."""
QUIET_AIM: Final = 1000 / (20 * 52)
"""False alerts per thousand supplier-weeks: one in 20 years."""


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.alerts", description=__doc__)
    parser.add_argument("--suppliers", type=int, default=3000, help="suppliers a world [3000]")
    parser.add_argument("--seed", type=int, default=900, help="of the worlds; tuned on 1 to 99 [900]")
    parser.add_argument("--only", choices=("quiet", "shifted", "recipient"), help="one of the tables")
    parser.add_argument("--worlds", default="", help="only those of the second table with this in their name")
    given = parser.parse_args()
    if given.only in (None, "recipient"):
        recipient(given.seed)
    if given.only in (None, "quiet"):
        quiet(given.suppliers, given.seed)
    if given.only in (None, "shifted"):
        shifted(given.suppliers, given.seed, given.worlds)


def recipient(seed: int) -> None:
    """Print what a recipient of all alerts gets, by bills in 8 weeks and weeks of records."""
    setting = Setting(seed=0, suppliers=300, spread=EVEN, shifted=0.1, past_shifted=0.08, renamed=0.02, late=0.03)
    seeds = range(seed, seed + 6)
    for weeks in (60, 104, 160):
        for median in (8, 15, 40, 200):
            for regular in (False, True):
                figures = measure(Case(replace(setting, median=median, regular=regular), weeks), seeds)
                intervals = "even intervals" if regular else "bursts"
                print(f"{median} bills, {intervals}, {weeks} weeks: {figures}", flush=True)
        bulk = replace(setting, median=8, burst=1.0, sizes=BULK_SIZES)
        print(f"8 shipments of bulk, {weeks} weeks: {measure(Case(bulk, weeks), seeds)}", flush=True)
    real = replace(setting, suppliers=1000, real=True)
    print(f"rates of real records, 60 weeks: {measure(Case(real, 60), seeds[:1])}", flush=True)
    for median in (40, 200):
        for method in DESIGNS:
            figures = measure(Case(replace(setting, median=median), 60), seeds[:1], finder=finder(method))
            print(f"{median} bills, bursts, 60 weeks, {method}: {figures}", flush=True)


def quiet(suppliers: int, seed: int) -> None:
    """Part of suppliers flagged in one week where nothing changed."""
    print(f"Nothing changed: part flagged in one week (ours at p <= {NOMINAL}, aim 7 %)")
    print(f"{'bills in 8 weeks, bills an order, noise':42} tested  ours " + " ".join(f"{name:>20}" for name in METHODS))
    settings = [
        Setting(seed=0, median=volume, spread=EVEN, burst=burst, shifted=0) for volume in VOLUMES for burst in BURSTS
    ]
    settings += [Setting(seed=0, median=200, spread=EVEN, noise=noise, shifted=0) for noise in ("calm", "volatile")]
    settings += [Setting(seed=0, median=200, spread=EVEN, drifting=True, shifted=0)]
    for number, setting in enumerate(settings):
        world = make(replace(setting, suppliers=suppliers, seed=seed + number))
        tested, rates = _flagged(world)
        burst = "mixed" if setting.burst is None else f"{setting.burst:g}"
        described = f"{setting.median:g}, {burst}, {setting.noise}{', drifting' if setting.drifting else ''}"
        print(
            f"{described:42} {tested:6,} {rates[0]:5.3f} " + " ".join(f"{rate:20.3f}" for rate in rates[1:]), flush=True
        )


def _flagged(world: World) -> tuple[int, list[float]]:
    hits, tested = np.zeros(1 + len(METHODS)), 0
    for week in QUIET_WEEKS:
        activity = read(world.known(week), week=week + FIRST_WEEK, weeks=HISTORY)
        results = significance.evaluate(activity, [HISTORY - 1])
        if results is None:
            continue
        p = results.p[:, -1]
        tested += int(np.isfinite(p).sum())
        hits[0] += (p <= NOMINAL).sum()
        for number, method in enumerate(METHODS):
            hits[number + 1] += flags(activity, method)[1].sum()
    return tested // len(QUIET_WEEKS), [float(hit) / max(tested, 1) for hit in hits]


def shifted(suppliers: int, seed: int, part: str) -> None:
    """Print the alerts of half a year in which some suppliers change."""
    for number, (name, setting) in enumerate(WORLDS.items()):
        if part not in name:
            continue
        world = make(replace(setting, suppliers=suppliers, seed=seed + 50 + number))
        started = time.monotonic()
        _print(f"{name}: ours", judge(world), time.monotonic() - started)
        if name in COMPARED:
            for method in METHODS:
                _print(f"{name}: {method}", judge(world, finder=finder(method)), 0)


def _print(name: str, verdict: Verdict, seconds: float) -> None:
    alerts = verdict.alerts
    dark = [verdict.dark_counts(against_left=only) for only in (True, False)]
    f1 = [2 * right / max(2 * right + wrong + missed, 1) for right, wrong, missed in dark]
    print(
        f"\n{name}: {len(alerts)} alerts ({int(alerts.planted.sum())} planted, "
        f"{int((alerts.real & ~alerts.planted).sum())} of themselves), false discoveries {verdict.fdr:.3f} (aim .10), "
        f"false alerts per 1,000 quiet supplier-weeks {verdict.quiet_per_thousand:.2f} (aim {QUIET_AIM:.2f}), "
        f"gone dark against left F1 {f1[0]:.2f}, against all {f1[1]:.2f}" + (f", {seconds:.0f} s" if seconds else "")
    )
    parts = []
    for kind in DETECTED:
        of = verdict.of(kind)
        if len(of.alerts):
            parts.append(f"{kind} {len(of.alerts)} ({of.fdr:.3f} false)")
    print("  " + ", ".join(parts))
    for kind in SHIFTS:
        part, delay, count = verdict.found(kind)
        print(f"  {kind:12} found within {FOUND_WITHIN} weeks {part:5.2f} of {count:3}, median delay {delay:4.0f}")


if __name__ == "__main__":
    main()
