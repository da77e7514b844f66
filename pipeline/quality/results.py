"""From the verdicts on a suite's rules to one result for each release day, table and level."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date

from expectations.rules import SUBJECTS, TEXT, Rule
from pipeline.quality import words
from pipeline.quality.adapter import Verdicts
from pipeline.quality.checks import CheckResult
from pipeline.quality.due import Question
from pipeline.quality.figures import lists
from pipeline.quality.profile import Key
from pipeline.quality.words import Row

Figure = int | float | str


def results_of(question: Question, verdicts: Verdicts) -> list[CheckResult]:
    """The results of one suite, ordered by level, day and table.

    A fault of the validation itself fails all of them.
    """
    figures = _figures(question)
    failed = _failed(question, verdicts)
    results: list[CheckResult] = []
    for blocks in (True, False):
        rules_of: dict[Key, list[Rule]] = defaultdict(list)
        for rule, due in zip(question.rules, question.due, strict=True):
            if rule.blocks == blocks:
                for key in due:
                    rules_of[key].append(rule)
        for key in sorted(rules_of, key=lambda key: (key[0], SUBJECTS.index(key[1]))):
            sentences = (*verdicts.faults, *failed.get((blocks, *key), ()))
            looked_at = figures.get(key, {})
            metadata: dict[str, Figure] = {"expectations": len(rules_of[key])}
            metadata |= {rule.measure: looked_at[rule.measure] for rule in rules_of[key] if rule.measure in looked_at}
            results.append(
                CheckResult(
                    release_date=date.fromisoformat(key[0]),
                    table=key[1],
                    suite=question.suite.name,
                    blocking=blocks,
                    passed=not sentences,
                    failed=sentences,
                    metadata=metadata,
                )
            )
    return results


def _failed(question: Question, verdicts: Verdicts) -> dict[tuple[bool, str, str], list[str]]:
    """Sentences by level, release day and table."""
    failed: dict[tuple[bool, str, str], list[str]] = defaultdict(list)
    present: dict[str, set[Key]] = defaultdict(set)
    frame = question.frame
    for measure, day, table in zip(*lists(frame, "measure", "release_date", "table_name"), strict=True):
        present[measure].add((day, table))
    for number, (rule, due) in enumerate(zip(question.rules, question.due, strict=True)):
        for key in due - present[rule.measure]:
            failed[rule.blocks, *key].append(words.missing(rule))
        by_key: dict[Key, list[Row]] = defaultdict(list)
        for row in frame.iloc[verdicts.broken.get(number, [])].to_dict("records"):
            by_key[row["release_date"], row["table_name"]].append(row)
        for key, rows in by_key.items():
            failed[rule.blocks, *key].append(words.sentence(rule, rows))
    return failed


def _figures(question: Question) -> dict[Key, dict[str, Figure]]:
    """What was looked at: the figure; for texts, how many values."""
    of_text = {rule.measure for rule in question.rules if rule.unit == TEXT}
    figures: dict[Key, dict[str, Figure]] = defaultdict(dict)
    frame = question.frame
    columns = lists(frame, "release_date", "table_name", "measure", "value", "text")
    for day, table, measure, value, text in zip(*columns, strict=True):
        seen = figures[day, table]
        if measure in of_text:
            seen[measure] = int(seen.get(measure, 0)) + int(isinstance(text, str))
        elif not math.isnan(value):
            seen[measure] = int(value) if value == int(value) else round(float(value), 6)
    return figures
