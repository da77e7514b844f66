"""A message for programs: one CloudEvents 1.0 event in JSON, small enough for every receiver.

Types: `leverage.alert`, `leverage.retraction`, `leverage.digest`. The event's `data` contains the fields of the alert,
worded for the recipient; a digest lists its alerts by id and headline, since each has an event of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Final

from pipeline.alerts.message import AlertMessage, Message
from pipeline.plain_text import clipped

MAX_BYTES: Final = 20_000
"""Less than the 20 kB that Standard Webhooks 1.0.0 advises."""
SOURCE: Final = "urn:import-leverage:alerts"
LISTED: Final = ("alert_id", "alert_type", "severity", "certainty", "status", "supplier_id", "consignee_id")
"""What a digest lists of each alert, besides names, headline and question."""
CLIPPED_MARKS: Final = 300
"""Length of each text in an event that would be too large otherwise."""


def event(message: Message, delivery_id: str, limit: int | None = MAX_BYTES) -> bytes:
    """Return the event as JSON in UTF-8.

    Args:
        message: to be sent.
        delivery_id: `id` of the event, the same for each try.
        limit: bytes at most; None for a file, which has no limit.
    """
    digest = message.digest
    envelope = {
        "specversion": "1.0",
        "id": delivery_id,
        "source": SOURCE,
        "type": f"leverage.{message.kind}",
        "subject": message.alert.supplier_id if message.alert else digest.as_of_week,
        "time": digest.made_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
    }
    about = {
        "as_of_week": digest.as_of_week,
        "revision": digest.revision,
        "newest_release_date": digest.newest_release_date,
        "closed_through_date": digest.closed_through,
        "coverage_watched": digest.coverage,
        "watcher": digest.recipient.watcher,
        "company": digest.recipient.company,
    }
    data = _alert_data(message.alert) if message.alert else _digest_data(message)
    content = b""
    for body in _shrinking(data):
        content = _json({**envelope, "data": {**about, **body}})
        if limit is None or len(content) <= limit:
            return content
    raise ValueError(f"an event of {len(content):,} bytes cannot be cut below {limit}")


def _alert_data(alert: AlertMessage) -> dict[str, Any]:
    fields = asdict(alert)
    return {**fields, "week_of_alert": fields.pop("as_of_week"), "bills_left_out": 0, "left_out": []}


def _digest_data(message: Message) -> dict[str, Any]:
    digest = message.digest
    return {
        "suppliers_watched": digest.suppliers_watched,
        "alerts": [_listed(alert) for alert in digest.alerts],
        "retractions": [_listed(alert) for alert in digest.retractions],
        "alerts_beyond_cap": digest.more,
        "limits": digest.limits,
        "alerts_left_out": 0,
        "retractions_left_out": 0,
    }


def _listed(alert: AlertMessage) -> dict[str, Any]:
    texts = {
        name: clipped(getattr(alert, name) or "", CLIPPED_MARKS) for name in ("supplier_name", "headline", "question")
    }
    return {**{name: getattr(alert, name) for name in LISTED}, **texts}


def _shrinking(data: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Yield `data` with less and less: bills go first, then the picture, then ends of texts, counted or named."""
    yield data
    if "bills" in data:
        for number in range(len(data["bills"]) - 1, -1, -1):
            data = {**data, "bills": data["bills"][:number], "bills_left_out": data["bills_left_out"] + 1}
            yield data
        for name in ("picture", "query"):
            data = {**data, name: None, "left_out": [*data["left_out"], name]}
            yield data
        texts = {
            name: clipped(value, CLIPPED_MARKS)
            for name, value in data.items()
            if isinstance(value, str) and name != "alert_id"
        }
        yield {**data, **texts, "standing": None, "left_out": [*data["left_out"], "standing", "ends of texts"]}
        return
    for name in ("alerts", "retractions"):
        for number in range(len(data[name]) - 1, -1, -1):
            data = {**data, name: data[name][:number], f"{name}_left_out": data[f"{name}_left_out"] + 1}
            yield data


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
