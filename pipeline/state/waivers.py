"""Release days that people waive: a day that will never come must not keep every later week open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.state.files import append_line, read_lines


def waive(settings: Settings, day: date, reason: str) -> None:
    """Waive `day` from now on; a release that comes all the same is loaded and counts.

    Raises:
        UsageError: no reason is given.
    """
    if not reason.strip():
        raise UsageError(f"say why {day} is waived: the reason stands in the manifest of every week that it touches")
    append_line(_path(settings), {"release_date": day.isoformat(), "reason": reason.strip()})


def read_waivers(settings: Settings) -> dict[date, str]:
    """The waived days with the newest reason of each."""
    return {date.fromisoformat(line["release_date"]): line["reason"] for line in read_lines(_path(settings))}


def _path(settings: Settings) -> Path:
    return settings.state_dir / "waived_days.jsonl"
