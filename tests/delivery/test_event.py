"""Events: their size, and how they name what was left out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pipeline.alerts.message import AlertMessage, Message
from pipeline.delivery.event import MAX_BYTES, event
from tests.delivery import made


def data(alert: AlertMessage | None, **changes: Any) -> dict[str, Any]:
    kind = "alert" if alert else "digest"
    content = event(Message(kind, made.digest(**changes), alert), "0" * 64)  # type: ignore[arg-type]
    assert len(content) <= MAX_BYTES < 20 * 1024
    found: dict[str, Any] = json.loads(content)["data"]
    return found


def test_event_within_the_limit_is_complete() -> None:
    found = data(made.alert())
    assert (len(found["bills"]), found["bills_left_out"], found["left_out"]) == (20, 0, [])
    assert found["picture"]["customers"][0]["after"] == 0.0
    assert found["bills"][0]["arrival_date"] == "2026-08-10"
    assert (found["as_of_week"], found["watcher"]) == (made.WEEK, "anna")


def test_large_event_drops_bills_first_and_counts_them() -> None:
    bills = tuple(replace(bill, consignee_name="N" * 1500) for bill in made.bills())
    found = data(made.alert(bills=bills))
    assert 0 < len(found["bills"]) < 20
    assert len(found["bills"]) + found["bills_left_out"] == 20
    assert found["left_out"] == []
    assert found["bills_in_all"] == 57


def test_larger_event_drops_picture_and_query_then_ends_of_texts() -> None:
    assert data(made.alert(query="q" * 17_000))["left_out"] == ["picture"]
    assert data(made.alert(query="q" * 30_000))["left_out"] == ["picture", "query"]
    found = data(made.alert(headline="h" * 30_000))
    assert found["left_out"] == ["picture", "query", "standing", "ends of texts"]
    assert found["alert_id"] == made.alert().alert_id
    assert len(found["headline"]) == 300


def test_large_digest_counts_the_alerts_it_drops() -> None:
    found = data(None, alerts=made.many(300).alerts)
    assert len(found["alerts"]) + found["alerts_left_out"] == 300
    assert found["alerts_left_out"] > 0


def test_names_with_special_characters_stay_json_strings() -> None:
    found = data(made.hostile().alerts[0])
    assert found["supplier_name"] == made.HOSTILE
