"""The exit suite passes a good week, and each of its rules fails on a row that is wrong in one way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expectations.week import ALERT, FIXED_SUITES, LEVERAGE, TIER, volumes
from pipeline.quality.gate import CheckResult
from pipeline.settings import Settings
from pipeline.snapshots.due import closed_week, due
from pipeline.snapshots.exit import check_candidate
from pipeline.snapshots.exit_figures import least_rows
from pipeline.snapshots.freeze import freeze
from pipeline.snapshots.manifest import SnapshotError
from tests.snapshots.toy import CUT_OFF, WEEK, candidate, connected, home, load

PLAIN: dict[str, Any] = {}
FEW = {"reason_code": "few_bills", "power": None, "mutual": None, "depends_supplier": None, "depends_buyer": None}
BREAKERS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "the same key twice": ("repeated_keys", TIER, [PLAIN, PLAIN]),
    "no key": ("repeated_keys", "fct_alternative", [{"alternative_supplier_id": None}]),
    "another week": ("other_weeks", "fct_consolidation", [{"as_of_week": "2026-W09"}]),
    "two rulesets": ("mixed_versions", LEVERAGE, [PLAIN, {"hs4": "6910", "ruleset_version": "2.0"}]),
    "two er_versions": ("mixed_versions", LEVERAGE, [PLAIN, {"hs4": "6910", "er_version": "m1-000002"}]),
    "a share over its high bound": ("shares_out_of_bounds", TIER, [{"share_of_supplier": 0.2}]),
    "a share under its low bound": ("shares_out_of_bounds", LEVERAGE, [{"share_of_buyer_low": 1.1}]),
    "a bound over one": ("shares_out_of_bounds", LEVERAGE, [{"share_of_supplier_high": 1.01}]),
    "a bound that is missing": ("shares_out_of_bounds", TIER, [{"share_of_supplier_low": None}]),
    "a rank beyond the customers": ("figures_out_of_range", TIER, [{"customer_rank": 3}]),
    "a rank beyond the best": ("figures_out_of_range", "fct_alternative", [{"rank": 21}]),
    "a likeness over one": ("figures_out_of_range", "fct_alternative", [{"similarity": 1.1}]),
    "an supplier_substitutability over one": (
        "figures_out_of_range",
        LEVERAGE,
        [{"supplier_substitutability": 1.2, "contribution_supplier_substitutability": 0.6}],
    ),
    "an interval upside down": ("figures_out_of_range", LEVERAGE, [{"interval_low": 0.3}]),
    "a share after over one": ("figures_out_of_range", "fct_consolidation", [{"share_after": 1.2}]),
    "a tier E": ("unknown_tiers", TIER, [{"tier": "E"}]),
    "a tier after of nothing": ("unknown_tiers", "fct_consolidation", [{"tier_after": ""}]),
    "customers and unnamed over all": (
        "shares_over_one",
        TIER,
        [
            {
                "consignee_id": name,
                "share_of_supplier": 0.5,
                "share_of_supplier_low": 0.5,
                "share_of_supplier_high": 0.6,
            }
            for name in ("con_a", "con_b")
        ],
    ),
    "contributions off by a millionth": ("contributions_off", LEVERAGE, [{"contribution_supplier_share": 0.075001}]),
    "no contribution": ("contributions_off", LEVERAGE, [{"contribution_buyer_share": None}]),
    "power that is not the difference": ("contributions_off", LEVERAGE, [{"depends_supplier": 0.2}]),
    "null without reason": ("nulls_without_reason", LEVERAGE, [FEW | {"reason_code": None}]),
    "reason without null": ("reasons_without_null", LEVERAGE, [{"reason_code": "few_bills"}]),
    "no tier without reason": ("nulls_without_reason", TIER, [{"tier": None}]),
    "a tier with a reason": ("reasons_without_null", TIER, [{"reason_code": "few_bills"}]),
    "a tier's unknown reason": ("unknown_reasons", TIER, [{"tier": None, "reason_code": "no idea"}]),
    "an unknown reason": ("unknown_reasons", LEVERAGE, [FEW | {"reason_code": "no idea"}]),
    "the same alert twice": ("repeated_keys", ALERT, [PLAIN, PLAIN]),
    "an episode of another week": ("other_weeks", "alert_episode", [{"as_of_week": "2026-W09"}]),
    "an interval of an effect upside down": ("figures_out_of_range", ALERT, [{"effect_low": 50.0}]),
    "a window that ends before it begins": ("figures_out_of_range", ALERT, [{"window_end_date": date(2020, 1, 5)}]),
    "a share over one of the supplier": ("figures_out_of_range", ALERT, [{"from_value": 1.3}]),
    "a q beyond one": ("figures_out_of_range", ALERT, [{"q_value": 2.0}]),
    "a type that is none": ("unknown_words", ALERT, [{"alert_type": "customer_gone"}]),
    "a severity that is none": ("unknown_words", ALERT, [{"severity": None}]),
    "a certainty that is none": ("unknown_words", ALERT, [{"certainty": "maybe"}]),
    "a retraction of nothing": ("unknown_words", ALERT, [{"alert_type": "retracted"}]),
    "an alert that takes another back": ("unknown_words", ALERT, [{"supersedes_alert_id": "1" * 64}]),
    "nothing to ask": ("nothing_behind", ALERT, [{"question": None}]),
    "no other reading": ("nothing_behind", ALERT, [{"alternative_explanation": None}]),
    "no evidence": ("nothing_behind", ALERT, [{"evidence": ""}]),
    "a supplier that nobody knows": ("nobody_there", ALERT, [{"supplier_id": "sup_z"}]),
    "a customer that nobody knows": ("nobody_there", ALERT, [{"consignee_id": "con_z"}]),
    "an alert that was told before": ("told_before", ALERT, [{"alert_id": "1"}]),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home(tmp_path)


def failed(results: list[CheckResult]) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(item.suite, item.table): item.failed for item in results if not item.passed}


def test_a_good_week_passes_with_a_result_for_every_suite_and_table(settings: Settings) -> None:
    candidate(settings, fct_leverage_snapshot=[PLAIN, FEW | {"hs4": "6910"}])
    results = check_candidate(settings, WEEK)
    assert failed(results) == {}
    suites = (*FIXED_SUITES, volumes(0.8))
    wanted = {(suite.name, table) for suite in suites for rule in suite.rules for table in rule.measure.tables}
    assert {(item.suite, item.table) for item in results} == wanted
    assert (settings.validation_dir / "index.html").exists()


@pytest.mark.parametrize("name", BREAKERS)
def test_a_wrong_row_fails_the_rule_that_it_breaks(settings: Settings, name: str) -> None:
    measure, table, rows = BREAKERS[name]
    candidate(settings, **{table: rows})
    suite, rule = next((suite, rule) for suite in FIXED_SUITES for rule in suite.rules if rule.measure.name == measure)
    sentences = failed(check_candidate(settings, WEEK))[suite.name, table]
    assert any(sentence.startswith(f"{rule.measure.says}: ") for sentence in sentences), sentences


def test_every_fixed_rule_is_broken_above() -> None:
    assert {rule.measure.name for suite in FIXED_SUITES for rule in suite.rules} == {
        measure for measure, *_ in BREAKERS.values()
    }


def test_what_is_taken_back_or_told_again_passes(settings: Settings) -> None:
    again = [{"alert_id": "2"}, {"alert_id": "3"}]
    nobody = {"alert_type": "retracted", "supersedes_alert_id": "4", "supplier_id": "sup_z", "consignee_id": "con_z"}
    candidate(settings, fct_alert=[*again, nobody])
    assert failed(check_candidate(settings, WEEK)) == {}


def customers(number: int) -> list[dict[str, Any]]:
    """So many customers of one supplier."""
    share = {"share_of_supplier": 0.001, "share_of_supplier_low": 0.0, "customers": number}
    return [{"consignee_id": f"con_{n}", **share} for n in range(number)]


def frozen_with(settings: Settings, number: int) -> None:
    """Freeze the week with so many rows of tiers."""
    candidate(settings, fct_tier=customers(number))
    wanted = due(settings, closed_week(settings, WEEK))
    assert wanted is not None
    freeze(settings, wanted)


def test_a_drop_of_rows_over_the_line_of_the_seed_blocks_and_says_so(settings: Settings) -> None:
    frozen_with(settings, 100)
    later = WEEK.before(-1)
    candidate(settings, later, fct_tier=customers(80))
    assert failed(check_candidate(settings, later)) == {}
    candidate(settings, later, fct_tier=customers(79))
    (sentences,) = failed(check_candidate(settings, later)).values()
    seen = "rows against the last frozen week: 0.79 times (79 against 100); accepted: at least 0.8"
    assert sentences[0].startswith(seen)
    assert "exit_least_rows" in sentences[0]


def test_a_handful_of_rows_is_not_compared(settings: Settings) -> None:
    frozen_with(settings, 99)
    later = WEEK.before(-1)
    candidate(settings, later, fct_tier=customers(1))
    assert failed(check_candidate(settings, later)) == {}


def test_without_the_line_in_the_seed_nothing_passes(settings: Settings) -> None:
    candidate(settings)
    with connected(settings) as connection:
        connection.execute("delete from thresholds")
        with pytest.raises(SnapshotError, match="no row exit_least_rows"):
            least_rows(connection)


def test_the_first_week_has_nothing_to_be_compared_with(settings: Settings) -> None:
    load(settings, [CUT_OFF])
    candidate(settings)
    assert failed(check_candidate(settings, WEEK)) == {}
