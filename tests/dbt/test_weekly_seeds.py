"""The rules of a week: each with its reason, all of them under one version."""

from __future__ import annotations

import csv
import hashlib
import re
from itertools import pairwise, product

import pytest

from pipeline.project_files import DBT_PROJECT
from pipeline.thresholds import (
    CAPACITY_WEEKS,
    QUARTER_WEEKS,
    SIZED_PART_FOR_TEU,
    YEAR_WEEKS,
    ruleset_version,
    threshold,
)

SEEDS = DBT_PROJECT / "seeds" / "weekly"
VERSION = "1.5"
DIGEST = "173b871329ac48a849c2a07030972b5ea9836f4f56b1a43bb2d0881bef950b68"
"""Of the seeds at that version: a change of one of them raises ruleset_minor or ruleset_major, and both lines here."""
NAMES = {
    "our_share",
    "buyer_share",
    "unnamed_share",
    "customers",
    "market",
    "goods",
    "purchases",
    "top",
    "ours",
    "ours_over",
    "period",
    "more",
}


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_changed_rule_has_a_new_version() -> None:
    assert ruleset_version() == VERSION
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SEEDS.glob("*.csv")))).hexdigest()
    assert digest == DIGEST, "raise the version in thresholds.csv and note it here"


def test_every_threshold_has_a_reason_and_is_used() -> None:
    folders = (*(DBT_PROJECT / name for name in ("models", "macros", "tests")), DBT_PROJECT.parent / "pipeline")
    files = [path for folder in folders for suffix in ("sql", "py") for path in folder.rglob(f"*.{suffix}")]
    pivot = DBT_PROJECT / "models" / "snapshot" / "week_rule.sql"
    code = "".join(path.read_text(encoding="utf-8") for path in files if path != pivot)
    for row in seed("thresholds"):
        name = row["name"]
        assert row["reason"]
        used = any(text in code for text in (f"rules.{name}", f"constants.{name}", f"'{name}'", f'"{name}"'))
        used = used or f"rules.{name[:5]}{{{{ tier }}}}{name[6:]}" in code
        assert used, name


def test_thresholds_are_consistent() -> None:
    cuts = [threshold(f"tier_{tier}_share") for tier in "abc"]
    assert cuts == sorted(cuts, reverse=True)
    assert cuts[-1] > 0
    moved = threshold("tier_hysteresis")
    assert all(lower * (1 + moved) < upper * (1 - moved) for upper, lower in pairwise(cuts))
    shares = [row for row in seed("thresholds") if row["unit"] == "share"]
    assert all(0 <= float(row["value"]) <= 1 for row in shares)
    counted = [row for row in seed("thresholds") if row["unit"] in ("bills", "weeks", "letters", "count")]
    assert all(float(row["value"]) >= 1 and float(row["value"]).is_integer() for row in counted)
    assert threshold("consolidation_suppliers") >= 2
    assert 0.5 < threshold("interval_level") < 1


def test_constants_are_read_from_the_macros_that_sql_uses() -> None:
    assert (YEAR_WEEKS, QUARTER_WEEKS, CAPACITY_WEEKS, SIZED_PART_FOR_TEU) == (52, 13, 156, 0.8)
    with pytest.raises(KeyError):
        threshold("unheard_of")


def test_every_cell_has_one_posture_and_every_posture_its_questions() -> None:
    postures = seed("posture")
    bands = product(("strong", "balanced", "weak"), ("low", "high"), ("two_or_more", "fewer"))
    for power, mutual, alternatives in bands:
        fitting = [
            row
            for row in postures
            if (row["power_band"], row["mutual_band"]) == (power, mutual)
            and row["alternatives_band"] in ("any", alternatives)
        ]
        assert len(fitting) == 1, (power, mutual, alternatives)
    asked = [(row["posture"], row["standing"]) for row in seed("question")]
    assert sorted(asked) == sorted(product({row["posture"] for row in postures}, ("largest", "other")))


def test_sentences_use_known_placeholders_only() -> None:
    for row in seed("question"):
        for column in ("opening_question", "their_question", "honest_answer"):
            assert set(re.findall(r"{(\w*)}", row[column])) <= NAMES, row["question_id"]
            assert re.search(r"[.?]$", row[column]), row["question_id"]
