"""The table of findings: what detection and the rules find at each evaluated week, one row per change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.detection.activity import Activity, Ints
from pipeline.thresholds import threshold

MIX_SHIFTED: Final = "mix_shifted"
CUSTOMER_LOST: Final = "customer_lost"
CUSTOMER_WON: Final = "customer_won"
WENT_DARK: Final = "went_dark"
RESURFACED: Final = "resurfaced"
TIER_CROSSED: Final = "tier_crossed"
CONCENTRATION_CROSSED: Final = "concentration_crossed"
CUSTOMER_SILENT: Final = "customer_silent"
DETECTED: Final = (
    MIX_SHIFTED,
    CUSTOMER_LOST,
    CUSTOMER_WON,
    WENT_DARK,
    RESURFACED,
    TIER_CROSSED,
    CONCENTRATION_CROSSED,
)
"""Alert types that `detect` finds; the others are rules on published figures. A silence alone (`customer_silent`) is an
event and never an alert."""

LOST: Final = "lost"
WON: Final = "won"
SILENT: Final = "silent"
EVENTS: Final = (WON, LOST, SILENT, WENT_DARK, RESURFACED)
"""Events of `fct_customer_event`; the last two have the name of their alert type."""

CONFIRMED: Final = "confirmed"
WATCH: Final = "watch"
RULE: Final = "rule"
BELOW_ALERT: Final = "none"
"""Below the alert threshold; keeps an existing episode open."""

DOUBTFUL_WEEKS: Final = 13
"""Weeks in which missing records keep rules from firing: the quarter that most of them compare."""

FINDING: Final = pa.schema(
    [
        pa.field("alert_type", pa.string(), nullable=False),
        pa.field("supplier_key", pa.int64(), nullable=False),
        pa.field("consignee_key", pa.int64()),  # null for mix_shifted
        pa.field("driver_key", pa.int64()),  # the customer that moved most; null where it has no name
        pa.field("threshold", pa.string(), nullable=False),  # '' where the type has none
        pa.field("at_week", pa.int32(), nullable=False),  # the evaluated week: last week of the window
        pa.field("before_start", pa.int32(), nullable=False),  # weeks, both included
        pa.field("before_end", pa.int32(), nullable=False),
        pa.field("window_start", pa.int32(), nullable=False),
        pa.field("window_end", pa.int32(), nullable=False),
        pa.field("began", pa.int32(), nullable=False),  # first week of the change, as far as the records show
        pa.field("from_value", pa.float64()),  # share of the supplier's bills, 0..1, of the driver
        pa.field("to_value", pa.float64()),
        pa.field("effect", pa.float64()),  # points of share: 100 x (to - from)
        pa.field("effect_low", pa.float64()),  # 90 %
        pa.field("effect_high", pa.float64()),
        pa.field("bills_before", pa.float64()),  # bills a week of the driver
        pa.field("bills_after", pa.float64()),
        pa.field("p_value", pa.float64()),  # null where no test or comparison gives one
        pa.field("q_value", pa.float64()),
        pa.field("certainty", pa.string(), nullable=False),
        pa.field("fires", pa.bool_(), nullable=False),  # strong enough for an alert, at once or in the third week
        pa.field("holds", pa.bool_(), nullable=False),  # strong enough to keep an episode open
        pa.field("coverage", pa.float64()),  # named part of the window's bills
        pa.field("alternative_explanation", pa.string(), nullable=False),  # a code of EXPLANATIONS
        pa.field("event", pa.string()),  # of EVENTS; null where the finding is no customer event
        pa.field("until_week", pa.int32()),  # last week of an event that is over
        pa.field("customer_bills", pa.float64()),  # bills since then: those it had, or those expected from its year
        pa.field("unnamed_change", pa.float64()),  # bills without a name in those weeks less those expected
    ]
)
"""Columns of a finding. Weeks are days since 1970-01-05 divided by seven, as in the macro `week_number`. A customer
event below the alert threshold has neither `fires` nor `holds`."""

EXPLANATIONS: Final = ("", "renamed", "went_dark", "resurfaced", "season", "pause", "noise")
"""Codes of what else may explain a finding; `pipeline.reporting.alerts.text` has their sentences."""


def empty() -> pa.Table:
    """Return a table without findings."""
    return FINDING.empty_table()


def table(rows: int, columns: dict[str, object]) -> pa.Table:
    """Build findings from columns; a single value stands for every row, a missing column is null.

    Args:
        rows: how many.
        columns: by name of FINDING: an array of `rows` values (a masked array's masked ones are null) or one value.
    """
    arrays = [_array(rows, field, columns.get(field.name)) for field in FINDING]
    return pa.Table.from_arrays(arrays, schema=FINDING)


def of_pairs(activity: Activity, pair: Ints, week: int, columns: dict[str, object]) -> pa.Table:
    """Build findings of pairs, each driven by its customer, at `week`, their last; further columns as in `table`."""
    keys = activity.consignees[activity.pair_consignee[pair]]
    own: dict[str, object] = {
        "supplier_key": activity.suppliers[activity.pair_supplier[pair]],
        "consignee_key": keys,
        "driver_key": keys,
        "threshold": "",
        "at_week": activity.first_week + week,
        "window_end": activity.first_week + week,
    }
    return table(len(pair), {**own, **columns})


def concat(tables: Sequence[pa.Table]) -> pa.Table:
    """All rows, in an order that depends on their content alone."""
    every = pa.concat_tables([empty(), *tables])
    order = ("at_week", "alert_type", "supplier_key", "consignee_key", "threshold", "began")
    return every.sort_by([(name, "ascending") for name in order]).combine_chunks()


def of_rules(tables: Sequence[pa.Table], week: int, incomplete: Mapping[int, float]) -> pa.Table:
    """Findings of rules on published figures; none fires where over a tenth of the last 13 weeks' records are missing.

    Records that are missing in the compared quarter shift the figures; those missing earlier hardly do.
    """
    every = concat([each.select(FINDING.names).cast(FINDING) for each in tables])
    missing = sum(part for number, part in incomplete.items() if week - DOUBTFUL_WEEKS < number <= week)
    if missing > threshold("window_missing") * DOUBTFUL_WEEKS:
        never = pa.array([False] * every.num_rows, pa.bool_())
        every = every.set_column(FINDING.get_field_index("fires"), FINDING.field("fires"), never)
    return every


def of_suppliers(found: pa.Table, suppliers: Sequence[int]) -> pa.Table:
    """Findings of suppliers whose bills are all loaded; customers of others need not have stopped where bills end."""
    return found.filter(pc.is_in(found["supplier_key"], pa.array(suppliers, pa.int64())))


def _array(rows: int, field: pa.Field, value: object) -> pa.Array:
    if isinstance(value, np.ma.MaskedArray):
        return pa.array(value.data, mask=np.ma.getmaskarray(value)).cast(field.type)
    if isinstance(value, np.ndarray):
        nan = field.nullable and value.dtype.kind == "f"
        return pa.array(value, mask=np.isnan(value) if nan else None).cast(field.type)
    if isinstance(value, (pa.Array, pa.ChunkedArray)):
        return value.combine_chunks().cast(field.type) if isinstance(value, pa.ChunkedArray) else value.cast(field.type)
    if value is None:
        return pa.nulls(rows, field.type)
    return pa.repeat(pa.scalar(value, field.type), rows)
