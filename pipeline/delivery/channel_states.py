"""The state of each channel, for people: what was sent, what waits, what is given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.delivery.channels.configured import open_channels
from pipeline.delivery.deliveries import VARIABLES, VIAS, Via
from pipeline.delivery.journal import DeliveryState, Off, Outbox
from pipeline.settings import Settings


@dataclass(frozen=True)
class ChannelState:
    """One channel.

    Attributes:
        via: which channel.
        is_set: whether its setting is there.
        off: the record that its endpoint wants no more messages; None where it does.
        sent: its deliveries that were sent.
        waiting: those that are to be sent.
        dead: those that are given up until `leverage deliver --retry`.
    """

    via: Via
    is_set: bool
    off: Off | None
    sent: list[DeliveryState]
    waiting: list[DeliveryState]
    dead: list[DeliveryState]

    @property
    def last_failure(self) -> str | None:
        """The newest reason among those that fail or are given up."""
        failed = [one for one in (*self.waiting, *self.dead) if one.reason]
        return max(failed, key=lambda one: one.at).reason if failed else None


def channel_states(settings: Settings) -> Iterator[ChannelState]:
    """Yield the state of every channel after the outbox's journal."""
    outbox = Outbox(settings)
    with open_channels(settings) as channels:
        for via in VIAS:
            channel = channels.get(via)
            states = [state for state in outbox.states.values() if state.delivery.via == via]
            yield ChannelState(
                via=via,
                is_set=channel is not None,
                off=outbox.off.get(channel.endpoint) if channel else None,
                sent=[state for state in states if state.status == "sent"],
                waiting=[state for state in states if state.status == "waiting"],
                dead=[state for state in states if state.status == "dead"],
            )


def is_due(settings: Settings) -> bool:
    """Return whether anything is to be tried now; costs reading one file."""
    now = datetime.now(UTC)
    return any(
        state.is_set and not state.off and any(one.due <= now for one in state.waiting)
        for state in channel_states(settings)
    )


def finding(state: ChannelState) -> tuple[bool, str] | None:
    """Return whether a channel is in order, and its state in words; None where there is nothing to say."""
    sent, waiting, dead = len(state.sent), len(state.waiting), len(state.dead)
    if state.via == "file":
        return (True, f"{sent} messages are in outbox/ as files") if sent or waiting else None
    parts = ["is set" if state.is_set else f"is off: {VARIABLES[state.via]} is not set"]
    if state.off:
        since = f"{state.off.at:%Y-%m-%d %H:%M} UTC"
        parts.append(f"is off since {since}: it {state.off.reason}; `leverage deliver --retry` tries again")
    if sent:
        parts.append(f"{sent} sent, the last {max(one.at for one in state.sent):%Y-%m-%d %H:%M} UTC")
    if waiting:
        failing = sum(one.failures > 0 for one in state.waiting)
        failed = f", {failing} failed so far ({state.last_failure})" if failing else ""
        parts.append(f"{waiting} waiting{failed}: `leverage deliver` sends what is due")
    if dead:
        parts.append(f"{dead} dead letters ({state.last_failure}): fix the cause, then `leverage deliver --retry`")
    is_ok = not dead and not state.off and (state.is_set or not waiting)
    return is_ok, "; ".join(parts)
