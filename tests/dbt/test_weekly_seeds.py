"""The rules of a week: each with its reason, all of them under one version."""

from __future__ import annotations

import csv
import hashlib
import re
from itertools import product

from pipeline.project_files import DBT_PROJECT

SEEDS = DBT_PROJECT / "seeds" / "weekly"
EXIT = DBT_PROJECT.parent / "expectations" / "week.py"
"""Reads its lines of the ruleset by name."""
VERSION = "1.1"
DIGEST = "5531480e90b9a2e40b273b0d2b561e89d9f2665ad4563b9a4355257b850f4e00"
"""Of the seeds at that version: a change of one of them raises ruleset_minor or ruleset_major, and both lines here."""
NAMES = {
    "our_share",
    "buyer_share",
    "unnamed_share",
    "customers",
    "our_monthly",
    "top_monthly",
    "monthly_unit",
    "alternatives",
    "purchases",
    "more",
}


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_changed_rule_has_a_new_version() -> None:
    rules = {row["name"]: row["value"] for row in seed("ruleset")}
    assert f"{rules['ruleset_major']}.{rules['ruleset_minor']}" == VERSION
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SEEDS.glob("*.csv")))).hexdigest()
    assert digest == DIGEST, "raise the version in ruleset.csv and note it here"


def test_every_rule_has_a_reason_and_is_used() -> None:
    models = [path for path in (DBT_PROJECT / "models" / "snapshot").rglob("*.*") if path.stem != "week_rule"]
    code = "".join(path.read_text(encoding="utf-8") for path in (*models, DBT_PROJECT / "macros" / "as_of.sql"))
    at_the_exit = EXIT.read_text(encoding="utf-8")
    for row in seed("ruleset"):
        assert row["reason"]
        used = f"rules.{row['name']}" in code or f'select("{row["name"]}")' in code
        used = used or f'Final = "{row["name"]}"' in at_the_exit
        assert used or row["name"].startswith("ruleset_"), row["name"]


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


def test_sentences_name_what_can_be_told() -> None:
    for row in seed("question"):
        for column in ("opening_question", "their_question", "honest_answer"):
            assert set(re.findall(r"{(\w*)}", row[column])) <= NAMES, row["question_id"]
            assert re.search(r"[.?]$", row[column]), row["question_id"]
