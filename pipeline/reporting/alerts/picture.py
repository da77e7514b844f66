"""What the one chart of an alert shows, made of its evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from pipeline.alerts.evidence import DRAWN_CUSTOMERS, Evidence, subject_of
from pipeline.alerts.message import Customer, Picture

Row = dict[str, Any]

LEAST_REST: Final = 1e-9
"""Less than this is what adding floating numbers leaves."""
UNNAMED: Final = "unnamed"
OTHERS: Final = "others"


def picture_of(row: Row, evidence: Evidence, names: dict[str, str], company_id: str | None) -> Picture | None:
    """The picture of an alert for a watcher; None where the supplier shipped nothing in a window, or the two overlap.

    Lines crossed compare two years that end a week apart: side by side they are the same picture.

    Args:
        row: of `windowed`.
        evidence: of the alert.
        names: of customers.
        company_id: the watcher's company, drawn wherever it is a customer.
    """
    shares = evidence.shares
    is_bare = not shares or not all(any(side) for side in zip(*shares.values(), strict=True))
    if is_bare or row["before_last"] >= row["first"]:
        return None
    subject = subject_of(row)
    named = sorted((key for key in shares if key is not None), key=lambda key: (-max(shares[key]), key))
    listed = [key for key in dict.fromkeys([subject, company_id]) if key in shares and key is not None]
    listed += [key for key in named if key not in listed][: DRAWN_CUSTOMERS - len(listed)]
    customers = [
        Customer(names.get(key, key), *shares[key], is_subject=key == subject, is_watcher=key == company_id)
        for key in named
        if key in listed
    ]
    drawn = [shares[key] for key in (*listed, None) if key in shares]
    rest = [max(0.0, 1 - sum(side)) for side in zip(*drawn, strict=True)]
    if max(rest) > LEAST_REST:
        customers.append(Customer(OTHERS, rest[0], rest[1], is_named=False))
    if None in shares:
        customers.append(Customer(UNNAMED, *shares[None], is_named=False))
    week = timedelta(days=6)
    return Picture(
        before=(row["before_first"], row["before_last"] + week),
        after=(row["first"], row["last"] + week),
        customers=tuple(customers),
        weeks=evidence.weeks,
        bills=evidence.weekly,
        subject_bills=evidence.subject_weekly if subject else (),
    )
