"""What the resolver has looked at: release days, model and overrides, in JSON lines that are only added.

A look is written after its batch, if it made one. A kill between the two costs one more look, which finds nothing new.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.entities.registry import WAY_BACK, RegistryError, batch_numbers, registry_dir
from pipeline.settings import Settings
from pipeline.state.files import append_line, read_lines

LOOKS_NAME: Final = "looks.jsonl"


@dataclass(frozen=True)
class Look:
    """One look.

    Attributes:
        release_days: raw version of each release day that was looked at.
        model: the rules that looked.
        overrides_sha256: of the overrides in force, None where there were none.
        batch: number of the newest batch after the look; 0 before the first.
        decreed: spellings that the overrides in force were about; looked at again when the overrides change.
    """

    release_days: dict[date, str]
    model: str
    overrides_sha256: str | None
    batch: int
    decreed: tuple[int, ...] = ()


def read_looks(settings: Settings) -> list[Look]:
    """All looks in order; a torn line is passed over, its days are looked at again.

    Raises:
        RegistryError: a look tells of a batch that is no longer there.
    """
    looks = [look for line in read_lines(registry_dir(settings) / LOOKS_NAME) if (look := _look(line))]
    newest = max((look.batch for look in looks), default=0)
    if newest > len(batch_numbers(settings)):
        raise RegistryError(f"{registry_dir(settings)} lacks batch {newest}, which was written once. {WAY_BACK}.")
    return looks


def append_look(settings: Settings, look: Look) -> None:
    """Add `look` and force it to disk."""
    days = {day.isoformat(): version for day, version in sorted(look.release_days.items())}
    append_line(registry_dir(settings) / LOOKS_NAME, {**vars(look), "release_days": days})


def seen_versions(looks: list[Look]) -> dict[date, str]:
    """The raw version of each release day as it was last looked at."""
    return {day: version for look in looks for day, version in look.release_days.items()}


def _look(entry: dict[str, Any]) -> Look | None:
    try:
        days = {date.fromisoformat(day): version for day, version in entry["release_days"].items()}
        return Look(**{**entry, "release_days": days, "decreed": tuple(entry.get("decreed", ()))})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
