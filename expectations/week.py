"""The exit of a week: what must hold of the candidate tables before they are frozen and published.

Every rule blocks: a week that is published stays as it is, so nothing doubtful may be in it.
"""

from __future__ import annotations

from typing import Final

from expectations.rules import RATIO, Measure, Rule, Suite

TIER: Final = "fct_tier"
ALTERNATIVE: Final = "fct_alternative"
LEVERAGE: Final = "fct_leverage_snapshot"
CONSOLIDATION: Final = "fct_consolidation"
ALERT: Final = "fct_alert"
EPISODE: Final = "alert_episode"
MEASURED: Final = (TIER, ALTERNATIVE, LEVERAGE, CONSOLIDATION)
"""Have about as many rows in a week as in the one before; what is told of changes comes as it comes."""
ALL: Final = (*MEASURED, ALERT, EPISODE)

TOLERANCE: Final = 1e-9
"""How far a sum of doubles may be from what it must be."""
TIERS: Final = ("A", "B", "C", "D")
REASONS: Final = ("few_bills", "mostly_unnamed", "uncertain_entity", "unknown_product", "no_volume")
ALERT_TYPES: Final = (
    "customer_lost",
    "customer_won",
    "mix_shifted",
    "went_dark",
    "resurfaced",
    "tier_crossed",
    "concentration_crossed",
    "alternatives_gone",
    "slack_opened",
    "retracted",
)
SEVERITIES: Final = ("critical", "warning", "info")
CERTAINTIES: Final = ("confirmed", "watch", "rule")
MOST_ALTERNATIVES: Final = 20
"""The best that are kept for a buyer and product."""
LEAST_ROWS_RULE: Final = "exit_least_rows"
"""Name of the seed row that tells how many of last week's rows there must be at least."""
COMPARED_ROWS_RULE: Final = "exit_compared_rows"
"""Name of the seed row that tells from how many rows of last week on they are compared."""

_MODELS: Final = "the models are wrong, or their inputs: look at the rows in the candidate table; nothing was published"


def _none(measure: str, tables: tuple[str, ...], says: str) -> Rule:
    return Measure(measure, tables, says).at_most(0, blocks=True, advice=_MODELS)


KEYS: Final = Suite(
    "week_keys",
    "one row for each key, all of one week and one version",
    (
        _none("repeated_keys", ALL, "rows whose key is null or stands on another row too"),
        _none("other_weeks", ALL, "rows of another week"),
        _none("mixed_versions", (LEVERAGE,), "versions of rules or of decisions on parties beyond one"),
    ),
)
BOUNDS: Final = Suite(
    "week_bounds",
    "shares lie between their bounds, and everything in its range",
    (
        _none(
            "shares_out_of_bounds",
            (TIER, LEVERAGE),
            "shares that are not between their low and their high bound in 0 to 1",
        ),
        _none("figures_out_of_range", (*MEASURED, ALERT), "figures that are outside of the range that they can have"),
        _none("unknown_tiers", (TIER, CONSOLIDATION), "tiers other than A, B, C and D"),
    ),
)
SUMS: Final = Suite(
    "week_sums",
    "parts are not more than their whole, and contributions add up to power",
    (
        _none("shares_over_one", (TIER,), "suppliers whose named customers and unnamed volume are more than all of it"),
        _none(
            "contributions_off",
            (LEVERAGE,),
            "rows whose contributions do not add up to power, or whose axes do not follow",
        ),
    ),
)
REASONS_TOLD: Final = Suite(
    "week_reasons",
    "nothing is null without a reason, and no reason stands where nothing is null",
    (
        _none("nulls_without_reason", (TIER, LEVERAGE), "rows with a null tier or axis and no reason code"),
        _none("reasons_without_null", (TIER, LEVERAGE), "rows with a reason code and no null"),
        _none("unknown_reasons", (TIER, LEVERAGE), f"reason codes other than {', '.join(REASONS)}"),
    ),
)


def volumes(least_rows: float) -> Suite:
    """The suite that compares with the last frozen week.

    Args:
        least_rows: part of its rows that there must be, from the ruleset seed.
    """
    return Suite(
        "week_volumes",
        "about as many rows as in the last frozen week",
        (
            Measure("rows_against_last_week", MEASURED, "rows against the last frozen week", RATIO).at_least(
                least_rows,
                blocks=True,
                advice="51 of its 52 weeks are the same: look whether releases are missing, or whether decisions on "
                "parties merged too much; where the drop is real, lower the seed row " + LEAST_ROWS_RULE,
            ),
        ),
    )


ALERTS: Final = Suite(
    "week_alerts",
    "an alert says how grave and how sure it is, what to ask and what is behind it, and is told once",
    (
        _none("unknown_words", (ALERT,), "alerts with a type, severity or certainty that is none"),
        _none("nothing_behind", (ALERT,), "alerts without a question, another reading or evidence"),
        _none("nobody_there", (ALERT,), "alerts about a supplier or customer that no bill names, but retractions"),
        _none("told_before", (ALERT,), "alerts that an earlier week has told and not taken back"),
    ),
)

FIXED_SUITES: Final = (KEYS, BOUNDS, SUMS, REASONS_TOLD, ALERTS)
SUITE_NAMES: Final = (*(suite.name for suite in FIXED_SUITES), "week_volumes")
