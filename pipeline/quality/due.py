"""What a suite is to look at: which of its rules, for which release days and tables, in which rows of the profile.

Said from what was delivered, not from what the profile holds: a figure that the profile lacks is then missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from expectations.rules import Rule, Suite
from pipeline.quality.figures import lists
from pipeline.quality.profile import Key, Profile


@dataclass(frozen=True)
class Question:
    """What is asked of one suite.

    Attributes:
        suite: the suite.
        rules: those of its rules that have something to look at.
        due: for each of these rules, the release days and tables for which there must be a figure.
        frame: the rows of the profile that the rules read, and no others.
    """

    suite: Suite
    rules: tuple[Rule, ...]
    due: tuple[frozenset[Key], ...]
    frame: pd.DataFrame


def asked(suite: Suite, profile: Profile) -> Question:
    """The question for `suite` on `profile`."""
    due = {rule: _due(rule, profile) for rule in suite.rules}
    rules = tuple(rule for rule in suite.rules if due[rule])
    frame = profile.frame[profile.frame["measure"].isin([rule.measure for rule in rules])]
    wanted = {(rule.measure, *key) for rule in rules for key in due[rule]}
    places = zip(*lists(frame, "measure", "release_date", "table_name"), strict=True)
    return Question(
        suite,
        rules,
        tuple(due[rule] for rule in rules),
        frame[[place in wanted for place in places]].reset_index(drop=True),
    )


def _due(rule: Rule, profile: Profile) -> frozenset[Key]:
    known = profile.readable if rule.reads_rows else profile.delivered
    return frozenset(
        (day, table)
        for day, table in known
        if table in rule.tables and all((day, other) in profile.readable for other in rule.needs)
    )
