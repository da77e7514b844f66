"""The figures that the exit suite of a week looks at: counts of broken rows in the candidate tables."""

from __future__ import annotations

from typing import Final

import duckdb
import pandas as pd

from expectations.week import (
    ALERT,
    ALERT_TYPES,
    ALTERNATIVE,
    CERTAINTIES,
    COMPARED_ROWS_RULE,
    CONSOLIDATION,
    EPISODE,
    LEAST_ROWS_RULE,
    LEVERAGE,
    MEASURED,
    MOST_ALTERNATIVES,
    REASONS,
    SEVERITIES,
    TIER,
    TIERS,
    TOLERANCE,
)
from pipeline.quality.figures import Figures, as_frame, counts, ratios
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.frozen import TABLES, WEEK_COLUMN
from pipeline.snapshots.manifest import Manifest, SnapshotError

RULES_TABLE: Final = "thresholds"


def exit_figures(connection: duckdb.DuckDBPyConnection, week: Week, last: Manifest | None) -> pd.DataFrame:
    """The figures of the candidate tables of `week`, in the form of `pipeline.quality.figures`.

    Args:
        connection: the warehouse.
        week: the week that they must be of.
        last: the newest frozen week before, to compare numbers of rows with.
    """
    day = [week.monday.isoformat()]
    parts: list[Figures] = []
    for name, table in TABLES.items():
        measures = {
            "repeated_keys": _repeated(table.key),
            "other_weeks": f"count(*) filter (where {WEEK_COLUMN} is distinct from '{week.text}')",
            **_OF_TABLE.get(name, {}),
        }
        columns = ", ".join(f"{aggregate} as {measure}" for measure, aggregate in measures.items())
        found = connection.execute(f"select count(*), {columns} from {table.model}").fetchone() or ()
        parts += [counts(day, name, measure, [hits]) for measure, hits in zip(measures, found[1:], strict=True)]
        if name not in MEASURED:
            continue
        usual = last.tables[name].rows if last is not None and name in last.tables else 0
        compared = usual if usual >= rule_value(connection, COMPARED_ROWS_RULE) else None
        parts.append(ratios(day, name, "rows_against_last_week", [found[0]], [compared], exact=True))
    (over,) = connection.execute(_SHARES_OVER_ONE).fetchone() or (0,)
    parts.append(counts(day, TIER, "shares_over_one", [over]))
    return as_frame(parts)


def rule_value(connection: duckdb.DuckDBPyConnection, name: str) -> float:
    """A constant of the ruleset seed.

    Raises:
        SnapshotError: the seed has no such row.
    """
    found = connection.execute(f"select value from {RULES_TABLE} where name = ?", [name]).fetchone()
    if found is None:
        raise SnapshotError(f"the seed {RULES_TABLE}.csv has no row {name}: put it back")
    return float(found[0])


def least_rows(connection: duckdb.DuckDBPyConnection) -> float:
    """Part of last week's rows that there must be."""
    return rule_value(connection, LEAST_ROWS_RULE)


def _repeated(key: tuple[str, ...]) -> str:
    columns = ", ".join(key)
    return f"count(*) - count(distinct ({columns})) filter (where {' and '.join(f'{c} is not null' for c in key)})"


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _broken(*conditions: str) -> str:
    """Count of rows in which a condition does not hold; unknown is broken."""
    return f"count(*) filter (where not coalesce({' and '.join(f'({each})' for each in conditions)}, false))"


def _bounded(share: str) -> str:
    """A share in its bounds, or no share and no bounds at all (the other side has no volume in this unit)."""
    return (
        f"({share} is null and {share}_low is null and {share}_high is null) or "
        f"({share}_low >= 0 and {share}_low <= {share} + {TOLERANCE} and {share} <= {share}_high + {TOLERANCE} "
        f"and {share}_high <= 1 + {TOLERANCE})"
    )


def _within(column: str, low: float, high: float | None = None) -> str:
    upper = f" and {column} <= {high} + {TOLERANCE}" if high is not None else ""
    return f"{column} is null or ({column} >= {low} - {TOLERANCE}{upper})"


def _reasons(null: str) -> dict[str, str]:
    """A reason code stands where, and only where, a figure is null."""
    return {
        "nulls_without_reason": f"count(*) filter (where reason_code is null and ({null}))",
        "reasons_without_null": f"count(*) filter (where reason_code is not null and not ({null}))",
        "unknown_reasons": _broken(f"reason_code is null or reason_code in ({_listed(REASONS)})"),
    }


_AXES: Final = ("depends_supplier", "depends_buyer", "power", "mutual")
_ANY_NULL: Final = " or ".join(f"{column} is null" for column in _AXES)
_OF_TABLE: Final[dict[str, dict[str, str]]] = {
    TIER: {
        "shares_out_of_bounds": _broken(_bounded("share_of_supplier")),
        "figures_out_of_range": _broken(
            _within("volume_52w", 0), _within("gap_to_next_tier", 0), "customer_rank between 1 and customers"
        ),
        "unknown_tiers": _broken(f"tier is null or tier in ({_listed(TIERS)})"),
        **_reasons("tier is null"),
    },
    ALTERNATIVE: {
        "figures_out_of_range": _broken(
            f"rank between 1 and {MOST_ALTERNATIVES}", _within("similarity", 0, 1), _within("spare_capacity", 0)
        )
    },
    LEVERAGE: {
        "mixed_versions": "greatest(count(distinct er_version), count(distinct ruleset_version), 1) - 1",
        "shares_out_of_bounds": _broken(_bounded("share_of_supplier"), _bounded("share_of_buyer")),
        "figures_out_of_range": _broken(
            *(
                _within(column, 0, 1)
                for column in (
                    "supplier_substitutability",
                    "customer_substitutability",
                    "coverage",
                    "both_hidden_share",
                )
            ),
            *(_within(column, 0, 1) for column in ("depends_supplier", "depends_buyer")),
            _within("power", -1, 1),
            _within("mutual", 0, 2),
            _within("alternatives", 0),
            _within("interval_low", 0, 1),
            _within("interval_high", 0, 1),
            "interval_low is null or interval_low <= interval_high",
        ),
        "contributions_off": _broken(
            "power is null or abs(contribution_supplier_share + contribution_customer_substitutability "
            "+ contribution_buyer_share + contribution_supplier_substitutability - power) "
            f"<= {TOLERANCE}",
            f"power is null or abs(depends_supplier - depends_buyer - power) <= {TOLERANCE}",
            f"mutual is null or abs(depends_supplier + depends_buyer - mutual) <= {TOLERANCE}",
        ),
        **_reasons(_ANY_NULL),
    },
    CONSOLIDATION: {
        "figures_out_of_range": _broken(_within("moved_volume", 0), _within("share_after", 0, 1)),
        "unknown_tiers": _broken(
            f"tier_now is null or tier_now in ({_listed(TIERS)})",
            f"tier_after is null or tier_after in ({_listed(TIERS)})",
        ),
    },
    ALERT: {
        "figures_out_of_range": _broken(
            *(_within(column, 0, 1) for column in ("p_value", "q_value", "coverage")),
            f"value_unit not in ('share', 'hhi') or ({_within('from_value', 0, 1)}) and ({_within('to_value', 0, 1)})",
            "effect_low is null or effect_low <= effect_high",
            "window_start_date <= window_end_date and window_before_start_date <= window_before_end_date",
        ),
        "unknown_words": _broken(
            f"alert_type in ({_listed(ALERT_TYPES)})",
            f"severity in ({_listed(SEVERITIES)})",
            f"certainty in ({_listed(CERTAINTIES)})",
            "(alert_type = 'retracted') = (supersedes_alert_id is not null)",
        ),
        "nothing_behind": _broken("question <> ''", "alternative_explanation <> ''", "evidence like '{%'"),
        "nobody_there": _broken(
            # who is taken back may have been a misreading
            "alert_type = 'retracted' or supplier_id in (select s.supplier_id from dim_supplier as s)",
            "alert_type = 'retracted' or consignee_id is null "
            "or consignee_id in (select c.consignee_id from dim_consignee as c)",
        ),
        "told_before": "count(*) filter (where alert_id in (select told.alert_id from week_earlier_alert as told "
        "where not told.is_of_this_week and not told.is_taken_back))",
    },
    EPISODE: {},
}
_SHARES_OVER_ONE: Final = f"""
with suppliers as (
    select
        supplier_id,
        -- what lies between a share and its high bound is the supplier's unnamed volume
        sum(share_of_supplier) + max(share_of_supplier_high - share_of_supplier) as whole
    from {TABLES[TIER].model}
    group by supplier_id
)
select count(*) from suppliers where whole > 1 + {TOLERANCE}
"""
