"""The messages that wait, as files in `outbox/waiting/`: written whole, forced to disk, verified when read."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline.delivery.deliveries import Delivery
from pipeline.settings import Settings
from pipeline.state.files import PRIVATE_FILE, PRIVATE_FOLDER, force, write_whole


class DamagedError(Exception):
    """A waiting message is missing or was changed."""


def waiting_dir(settings: Settings) -> Path:
    """Return the folder in which messages wait."""
    return settings.outbox_dir / "waiting"


def write_message(settings: Settings, delivery_id: str, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Write the parts of a message, readable by their owner only, and return the SHA-256 of each.

    The files last after `force_messages`.
    """
    folder = waiting_dir(settings)
    settings.outbox_dir.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True, mode=PRIVATE_FOLDER)
    for suffix, content in parts.items():
        write_whole(folder / f"{delivery_id}.{suffix}", content, PRIVATE_FILE)
    return {suffix: hashlib.sha256(content).hexdigest() for suffix, content in parts.items()}


def force_messages(settings: Settings) -> None:
    """Make the file names outlast a loss of power."""
    if waiting_dir(settings).exists():
        force(waiting_dir(settings))
        force(settings.outbox_dir)


def read_message(settings: Settings, delivery: Delivery) -> dict[str, bytes]:
    """Return the parts of a message by their suffixes.

    Raises:
        DamagedError: a part is missing, or its checksum differs.
    """
    parts = {}
    for suffix, checksum in delivery.parts.items():
        try:
            parts[suffix] = (waiting_dir(settings) / f"{delivery.id}.{suffix}").read_bytes()
        except FileNotFoundError:
            raise DamagedError("its message is gone from outbox/waiting") from None
        if hashlib.sha256(parts[suffix]).hexdigest() != checksum:
            raise DamagedError("its message in outbox/waiting was changed")
    return parts


def remove_others(settings: Settings, open_ids: Collection[str]) -> None:
    """Remove the messages of other deliveries: sent ones, and those that a kill left without a line in the journal."""
    folder = waiting_dir(settings)
    for path in folder.iterdir() if folder.exists() else ():
        if path.name.partition(".")[0] not in open_ids:
            path.unlink(missing_ok=True)
