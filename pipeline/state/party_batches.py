"""The folders of the party registry's batches, `state/parties/batch=000001` and on."""

from __future__ import annotations

from pathlib import Path

from pipeline.settings import Settings


def batches_dir(settings: Settings) -> Path:
    """Return the folder of all batches."""
    return settings.state_dir / "parties"


def batch_dir(settings: Settings, number: int) -> Path:
    """Return the folder of one batch."""
    return batches_dir(settings) / f"batch={number:06d}"


def batch_numbers(settings: Settings) -> list[int]:
    """Return the numbers of the batches in order, read from the folders' names alone."""
    return sorted(int(path.name.removeprefix("batch=")) for path in batches_dir(settings).glob("batch=*"))
