"""The messages that wait, as files: whole, forced to disk, told apart by checksum."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from pipeline.delivery.deliveries import Delivery
from pipeline.settings import Settings
from pipeline.state.files import force, write_all

WAITING = "waiting"


class DamagedError(Exception):
    """A message is not what was put in."""


def waiting_dir(settings: Settings) -> Path:
    """Where messages wait: `outbox/waiting/`."""
    return settings.outbox_dir / WAITING


def write_message(settings: Settings, delivery_id: str, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Write the parts of a message, for its owner alone; forced by `force_messages`.

    Returns:
        The SHA-256 of each part.
    """
    folder = waiting_dir(settings)
    settings.outbox_dir.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True, mode=0o700)
    for ending, content in parts.items():
        write_whole(folder / f"{delivery_id}.{ending}", content, 0o600)
    return {ending: hashlib.sha256(content).hexdigest() for ending, content in parts.items()}


def force_messages(settings: Settings) -> None:
    """Make the names of the messages that were written outlast a loss of power."""
    if waiting_dir(settings).exists():
        force(waiting_dir(settings))
        force(settings.outbox_dir)


def read_message(settings: Settings, delivery: Delivery) -> dict[str, bytes]:
    """The parts of a message.

    Raises:
        DamagedError: one is gone, or is not what was put in.
    """
    parts = {}
    for ending, checksum in delivery.parts.items():
        path = waiting_dir(settings) / f"{delivery.id}.{ending}"
        try:
            parts[ending] = path.read_bytes()
        except FileNotFoundError:
            raise DamagedError("its message is gone from outbox/waiting") from None
        if hashlib.sha256(parts[ending]).hexdigest() != checksum:
            raise DamagedError("its message in outbox/waiting was changed")
    return parts


def sweep(settings: Settings, kept: Collection[str]) -> None:
    """Remove the messages that are not in `kept`: sent ones, and what a kill left before they were in the journal."""
    folder = waiting_dir(settings)
    if not folder.exists():
        return
    for path in folder.iterdir():
        if path.name.partition(".")[0] not in kept:
            path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file so that it is never seen in part; who may use it is `mode`, less what the umask takes away."""
    beside = path.with_name(f"{path.name}.part")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    beside.replace(path)
