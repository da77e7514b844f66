"""Compare two snapshots under the writer lock, for the command line."""

from __future__ import annotations

from pipeline.entities.search.find import open_search
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.snapshots.diff import Explanation, Overview, explain_pair, named_snapshot, overview
from pipeline.state.writer_lock import writer


class UnknownPartyError(LookupError):
    """Nobody of this name was seen; the message says who was asked for."""


def compare(
    settings: Settings,
    first: str,
    second: str,
    supplier: str | None,
    buyer: str | None,
    *,
    progress: Progress,
) -> Explanation | Overview:
    """Say what moved between two snapshots, for one pair with causes.

    Args:
        settings: whose home.
        first: a week, or a revision such as `2026-W46@r1`.
        second: another one.
        supplier: name or id; None with `buyer` for the overview.
        buyer: name or id.
        progress: told of each state that has to be computed.

    Raises:
        WeekError: a text names no week.
        SnapshotError: a week is not published.
        UnknownPartyError: a name was never seen.
    """
    one, other = named_snapshot(settings, first), named_snapshot(settings, second)
    if supplier is None or buyer is None:
        return overview(settings, one, other)
    pair = (_entity(settings, supplier, "supplier"), _entity(settings, buyer, "consignee"))
    with writer(settings, "`leverage diff`", progress.waiting):
        progress.started("explain", 1)
        explained = explain_pair(settings, one, other, *pair, told=lambda state: progress.warned(f"computing {state}"))
        progress.advanced(f"{len(explained.changes)} figures")
    return explained


def _entity(settings: Settings, text: str, kind: str) -> str:
    found = open_search(settings).find(text, kind, 1)
    if not found:
        raise UnknownPartyError(f"no {kind} like {text!r} was seen; `leverage search` finds names by any spelling")
    return found[0].entity_id
