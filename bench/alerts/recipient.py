"""What a recipient of all alerts gets: precision, how many, of quiet suppliers, and what was found in its class, when.

Counted by episode, all types and severities together, in worlds published week by week.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from bench.alerts.judge import FOUND_WITHIN, judge
from bench.alerts.planted import RAMP_WEEKS, SHIFTS
from bench.alerts.world import EVALUATED_WEEKS, Setting, make
from pipeline.detection.detect import detect
from pipeline.detection.findings import (
    CONCENTRATION_CROSSED,
    CUSTOMER_LOST,
    CUSTOMER_WON,
    MIX_SHIFTED,
    RESURFACED,
    TIER_CROSSED,
    WENT_DARK,
)

CLASSES: Final = {
    "lost": (("lost_top", "lost_20", "left"), (CUSTOMER_LOST,)),
    "won": (("new_15", "new_30"), (CUSTOMER_WON,)),
    "dark": (("gone_dark",), (WENT_DARK,)),
    "resurfaced": (("resurfaced",), (RESURFACED,)),
    "mix": (("top_halved", "swap", "step_30_55", "ramp_30_55"), (MIX_SHIFTED, TIER_CROSSED, CONCENTRATION_CROSSED)),
}
"""By class: the changes planted, and the types of alerts that report them."""


@dataclass(frozen=True)
class Case:
    """A world to be judged, over several seeds.

    Attributes:
        setting: of the worlds.
        weeks: of records at the last evaluated week.
    """

    setting: Setting
    weeks: int


def measure(
    case: Case, seeds: Sequence[int], *, finder: Callable[..., pa.Table] = detect, detail: bool = False
) -> dict[str, object]:
    """Figures over all seeds of a case."""
    alerts, delays, quiet, alerted, suppliers = [], {name: [] for name in SHIFTS}, 0, 0, 0
    dark, late = np.zeros(3), np.zeros(2)
    any_type = {name: [] for name in SHIFTS}
    for seed in seeds:
        world = make(replace(case.setting, seed=seed), weeks=case.weeks)
        verdict = judge(world, finder=finder, earlier_weeks=4)
        fired = verdict.alerts
        # Bills that are not published yet move the shares of their supplier's other customers too.
        is_late = fired.supplier.isin(world.supplier[world.late_pair])
        late += (int(is_late.sum()), verdict.retracted_of(world.late_pair))
        fired = fired[~is_late]
        alerts.append(fired)
        suppliers += case.setting.suppliers
        calm = verdict.quiet_suppliers()
        quiet += len(calm)
        alerted += fired.supplier[fired.supplier.isin(calm)].nunique()
        for kinds, types in CLASSES.values():
            for kind in kinds:
                of = np.flatnonzero(world.kind == SHIFTS.index(kind))
                start = world.at[of] + (RAMP_WEEKS if kind.startswith("ramp") else 0)
                mine = fired[fired.planted & fired.alert_type.isin(types)].groupby("supplier").at_week.min()
                delays[kind].extend(mine.reindex(of).to_numpy(dtype=float, na_value=np.inf) - start + 1)
                every = fired[fired.planted].groupby("supplier").at_week.min()
                any_type[kind].extend(every.reindex(of).to_numpy(dtype=float, na_value=np.inf) - start + 1)
        dark += verdict.dark_counts(against_left=True)
    table = pd.concat(alerts)
    true = table.planted | table.real
    out: dict[str, object] = {
        "alerts": len(table),
        "precision": round(float(true.mean()), 3) if len(table) else np.nan,
        "quarter": round(len(table) / suppliers * 10 / (EVALUATED_WEEKS / 13), 2),
        "quiet": round(alerted / max(quiet, 1), 3),
        "n_quiet": quiet,
    }
    for name, (kinds, _) in CLASSES.items():
        of = np.array([delay for kind in kinds for delay in delays[kind]])
        out[name] = f"{(of <= FOUND_WITHIN).mean():.2f}/{len(of)}" if len(of) else "-"
    top = np.array(delays["lost_top"])
    out["top_delay"] = float(np.median(top)) if len(top) else np.nan
    out["f1"] = round(2 * dark[0] / max(2 * dark[0] + dark[1] + dark[2], 1), 2)
    out["late"] = f"{late[1]:.0f}/{late[0]:.0f}"
    if detail:
        out["types"] = {
            k: (len(g), round(float((g.planted | g.real).mean()), 2)) for k, g in table.groupby("alert_type")
        }
        out["kinds"] = {
            k: " any ".join(f"{np.mean(np.array(of[k]) <= FOUND_WITHIN):.2f}" for of in (delays, any_type))
            + f" /{len(v)}"
            for k, v in delays.items()
            if v
        }
    return out
