"""The command of the outbox: `leverage deliver`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pipeline.cli.command import DONE, FAILED, NOT_YET, as_json, with_settings
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.delivery.deliver import DeliveryReport
    from pipeline.delivery.journal import DeliveryState


@click.command(epilog="Example: leverage deliver --retry")
@click.option("--retry", is_flag=True, help="Also try dead letters and channels that were turned off.")
@as_json
@with_settings
def deliver(settings: Settings, retry: bool, json_: bool) -> None:
    """Send what is due from the outbox; the weekly job and the schedule `deliver` do it by themselves.

    A message that fails is tried again at growing intervals for three days, at the next call when its time has come
    (docs/delivery.md). Exit code 1: a message was given up, a channel turned off, or nothing that was due could be
    sent. Exit code 3: nothing was due.
    """
    from pipeline.cli import console
    from pipeline.delivery.deliver import deliver as send_due

    report = send_due(settings, retry=retry)
    console.print_json(as_document(report)) if json_ else _print(report)
    sys.exit(exit_code(report))


def exit_code(report: DeliveryReport) -> int:
    """Nothing due, failed, or done."""
    if not report.receipts:
        return NOT_YET
    return DONE if report.success else FAILED


def as_document(report: DeliveryReport) -> dict[str, object]:
    """The machine's form of a report."""
    return {
        "success": report.success,
        "sent": report.sent,
        "waiting": report.waiting,
        "dead": report.dead,
        "reopened": report.reopened,
        "notes": report.notes,
        "receipts": [_receipt(state) for state in report.receipts],
    }


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

    sent = report.sent
    vias = sorted({*sent, *report.waiting, *report.dead})
    if vias:
        rows = [[via, *(str(counts.get(via, 0)) for counts in (sent, report.waiting, report.dead))] for via in vias]
        console.print_rows(("channel", "sent", "waiting", "dead"), rows)
    reasons = dict.fromkeys(f"{one.delivery.via}: {one.reason}" for one in report.receipts if one.status != "sent")
    for text in reasons:
        console.err.print(text, style="yellow", markup=False)
    for note in report.notes:
        console.err.print(note, style="yellow", markup=False)
    if not report.receipts:
        console.out.print("nothing is due")
