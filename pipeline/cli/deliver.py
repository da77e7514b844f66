"""The command of the outbox: `leverage deliver`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pipeline.cli.command import DONE, FAILED, NOT_YET, Answer, answers, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.delivery.deliver import DeliveryReport
    from pipeline.delivery.journal import DeliveryState


@click.command(epilog="Example: leverage deliver --retry")
@click.option("--retry", is_flag=True, help="Also try dead letters and channels that were turned off.")
@answers
@with_settings
def deliver(settings: Settings, retry: bool) -> Answer:
    """Send what is due from the outbox; the weekly job and the sensor `outbox` do it by themselves.

    A message that fails is tried again at growing intervals for three days, at the next call when its time has come
    (docs/delivery.md). Exit code 1: a message was given up, a channel turned off, or nothing that was due could be
    sent. Exit code 3: nothing was due.
    """
    from pipeline.delivery.deliver import deliver as send_due

    report = send_due(settings, retry=retry)
    document = {
        "success": report.success,
        "sent": report.sent,
        "waiting": report.waiting,
        "dead": report.dead,
        "reopened": report.reopened,
        "notes": report.notes,
        "receipts": [_receipt(state) for state in report.receipts],
    }
    return Answer(document, lambda: _print(report), exit_code(report))


def exit_code(report: DeliveryReport) -> int:
    """The exit code of a delivery."""
    if not report.receipts:
        return NOT_YET
    return DONE if report.success else FAILED


def _receipt(state: DeliveryState) -> dict[str, object]:
    delivery = state.delivery
    return {
        "id": delivery.id,
        "via": delivery.via,
        "kind": delivery.kind,
        "week": delivery.week,
        "attempt": state.attempt,
        "status": state.status,
        "code": state.code,
        "reason": state.reason,
        "at": state.at,
    }


def _print(report: DeliveryReport) -> None:
    from pipeline.cli import console

    counts = (report.sent, report.waiting, report.dead)
    vias = sorted({via for count in counts for via in count})
    if vias:
        rows = [[via, *(str(count.get(via, 0)) for count in counts)] for via in vias]
        console.print_rows(("channel", "sent", "waiting", "dead"), rows)
    reasons = dict.fromkeys(f"{one.delivery.via}: {one.reason}" for one in report.receipts if one.status != "sent")
    for text in (*reasons, *report.notes):
        console.err.print(text, style="yellow")
    if not report.receipts:
        console.out.print("nothing is due")
