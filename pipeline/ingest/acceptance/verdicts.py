"""The verdict of the checks on a staged release, stored beside its rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

from pipeline.ingest.paths import staged_folder
from pipeline.ingest.staged import read_load
from pipeline.settings import Settings

VERDICT_NAME: Final = "verdict.json"


@dataclass(frozen=True)
class Verdict:
    """The result of the checks on one staged release.

    Attributes:
        raw_version: of the staged rows that were checked; a verdict on other rows does not count.
        passed: whether no blocking check failed.
        reason: the failed blocking checks.
        partial: the failed blocking checks of optional tables, by table: their good rows are loaded.
    """

    raw_version: str
    passed: bool
    reason: str | None
    partial: dict[str, str] = field(default_factory=dict)


def staged_version(settings: Settings, day: date) -> str | None:
    """Version of the staged rows; None where there are none or they could not be read."""
    release = read_load(staged_folder(settings, day))
    return None if release is None or release.fault else release.raw_version


def write_verdict(settings: Settings, day: date, verdict: Verdict) -> None:
    """Store the verdict beside the staged rows."""
    (staged_folder(settings, day) / VERDICT_NAME).write_text(json.dumps(asdict(verdict)), encoding="utf-8")


def staged_days(settings: Settings, days: Sequence[date]) -> list[date]:
    """Those of `days` that are staged: they wait for their checks or for being accepted."""
    return [day for day in days if staged_version(settings, day) is not None]


def passed_days(settings: Settings, days: Sequence[date]) -> list[date]:
    """Those of `days` whose staged rows passed their checks."""
    return [day for day in days if (verdict := _read(settings, day)) and verdict.passed]


def refused_days(settings: Settings, days: Sequence[date]) -> list[date]:
    """Those of `days` whose staged rows were refused by a check."""
    return [day for day in days if (verdict := _read(settings, day)) and not verdict.passed]


def partial_tables(settings: Settings, day: date) -> dict[str, str]:
    """The optional tables of a staged day that failed their checks, each with the reason."""
    verdict = _read(settings, day)
    return verdict.partial if verdict else {}


def _read(settings: Settings, day: date) -> Verdict | None:
    try:
        verdict = Verdict(**json.loads((staged_folder(settings, day) / VERDICT_NAME).read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return verdict if verdict.raw_version == staged_version(settings, day) else None
