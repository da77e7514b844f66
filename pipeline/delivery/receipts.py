"""Where deliveries stand, for people: by channel, what went, what waits, what is given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.delivery.channels import Channels
from pipeline.delivery.deliveries import VARIABLES, VIAS, Via
from pipeline.delivery.journal import Journal
from pipeline.settings import Settings


@dataclass(frozen=True)
class ChannelState:
    """One channel.

    Attributes:
        via: which.
        is_set: whether its setting is there.
        off: why its endpoint wants nothing any more; None where it does.
        sent: messages that went, ever.
        last_sent: when the newest went.
        waiting: messages that are to go.
        failing: those of them that were tried in vain.
        due: when the next of them is tried.
        dead: messages that are given up until `leverage deliver --retry`.
        last_fault: the newest reason among those that fail or are given up.
    """

    via: Via
    is_set: bool
    off: str | None
    sent: int
    last_sent: datetime | None
    waiting: int
    failing: int
    due: datetime | None
    dead: int
    last_fault: str | None


def states(settings: Settings) -> list[ChannelState]:
    """Every channel, as the journal and the settings have it."""
    journal = Journal(settings)
    found = []
    with Channels(settings) as channels:
        for via in VIAS:
            channel = channels.get(via)
            keys = [key for key, delivery in journal.deliveries.items() if delivery.via == via]
            standings = [journal.standings[key] for key in keys]
            waiting = [one for one in standings if one.status == "waiting"]
            sent = [one for one in standings if one.status == "sent"]
            faults = sorted((one for one in standings if one.status != "sent" and one.reason), key=lambda one: one.at)
            off = journal.off.get(channel.endpoint) if channel else None
            found.append(
                ChannelState(
                    via=via,
                    is_set=channel is not None,
                    off=f"since {off.at:%Y-%m-%d %H:%M} UTC: it {off.reason}" if off else None,
                    sent=len(sent),
                    last_sent=max((one.at for one in sent), default=None),
                    waiting=len(waiting),
                    failing=sum(one.tries > 0 for one in waiting),
                    due=min((one.due for one in waiting), default=None),
                    dead=sum(one.status == "dead" for one in standings),
                    last_fault=faults[-1].reason if faults else None,
                )
            )
    return found


def is_due(settings: Settings) -> bool:
    """Whether anything is to be tried now; as cheap as reading the journal."""
    now = datetime.now(UTC)
    return any(state.is_set and not state.off and state.due and state.due <= now for state in states(settings))


def finding(state: ChannelState) -> tuple[bool, str] | None:
    """Whether a channel is as it should be, and in words; None where nothing is to be said of it."""
    if state.via == "file":
        return (
            None if not state.waiting and not state.sent else (True, f"{state.sent} messages lie in outbox/ as files")
        )
    parts = ["is set" if state.is_set else f"is off: {VARIABLES[state.via]} is not set"]
    if state.off:
        parts.append(f"is off {state.off}; `leverage deliver --retry` tries again")
    if state.sent:
        parts.append(f"{state.sent} sent, the last {state.last_sent:%Y-%m-%d %H:%M} UTC")
    if state.waiting:
        failing = f", {state.failing} tried in vain so far ({state.last_fault})" if state.failing else ""
        parts.append(f"{state.waiting} waiting{failing}: `leverage deliver` sends what is due")
    if state.dead:
        parts.append(f"{state.dead} dead letters ({state.last_fault}): mend the cause, then `leverage deliver --retry`")
    is_ok = not state.dead and not state.off and (state.is_set or not state.waiting)
    return is_ok, "; ".join(parts)
