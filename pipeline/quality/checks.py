"""The static list of checks, one for each table, suite and level, so that they can be declared without running."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from expectations.rules import SUBJECTS, Suite
from expectations.suites import SUITES


class Check(NamedTuple):
    """One check that is made of every release day.

    Attributes:
        table: an AMS table, or `release` for a release as a whole.
        suite: the subject.
        blocking: whether a failure keeps the release out of raw.
        description: what it looks at, in words.
    """

    table: str
    suite: str
    blocking: bool
    description: str


@dataclass(frozen=True)
class CheckResult:
    """What one check found in one release.

    Attributes:
        release_date: the release day.
        table: as in `Check`.
        suite: as in `Check`.
        blocking: as in `Check`.
        passed: whether all its rules held.
        failed: for each rule that did not, what was seen, what is accepted and what to do.
        metadata: the figures that were looked at, and `expectations`, how many rules were.
    """

    release_date: date
    table: str
    suite: str
    blocking: bool
    passed: bool
    failed: tuple[str, ...]
    metadata: dict[str, int | float | str]


def _checks(suite: Suite) -> list[Check]:
    found = []
    for table in SUBJECTS:
        for blocking in (True, False):
            rules = [rule for rule in suite.rules if rule.blocks == blocking and table in rule.tables]
            if rules:
                held = "; ".join(f"{rule.says}: {rule.accepted}" for rule in rules)
                found.append(Check(table, suite.name, blocking, f"{suite.says}. {held}"))
    return found


CHECKS: Final = tuple(check for suite in SUITES for check in _checks(suite))
