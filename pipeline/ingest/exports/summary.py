"""What an export is, in lines for people: rows, columns, span, scope, and what it can and cannot answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from pipeline.ingest.exports.scope import Scope, scope_of
from pipeline.ingest.exports.store import Export

SHOWN_HEADERS: Final = 6


def document(export: Export) -> dict[str, Any]:
    """The summary for machines."""
    scope = scope_of(export.scope)
    return {
        **asdict(export),
        "scope_text": scope.words,
        "can": can(scope),
        "cannot": cannot(scope),
        "next": following(scope),
    }


def lines(export: Export) -> list[str]:
    """The summary for people."""
    scope = scope_of(export.scope)
    lost = ", ".join(f"{count:,} {reason}" for reason, count in export.quarantined.items())
    kept = (
        f"{export.loaded:,} loaded as {export.bills:,} bills"
        if export.loaded != export.bills
        else f"{export.loaded:,} loaded"
    )
    repeats = f", {export.repeats:,} of them exact repeats" if export.repeats else ""
    found = [
        f"{export.file_name}: {export.title}",
        f"  rows       {export.rows:,} read, {kept}{repeats}, {sum(export.quarantined.values()):,} in quarantine"
        + (f" ({lost})" if lost else ""),
        f"  arrivals   {export.first_arrival} to {export.last_arrival}; exported on {export.exported_on} ({export.exported_by}); "
        f"known {export.lag_days} days after arrival (assumed)",
        f"  columns    {len(export.filled)} fields filled; not used: {_some(export.unused)}",
    ]
    if export.dropped:
        found.append(f"  dropped    contact data of people: {_some(export.dropped)}")
    found += [f"  missing    {cost}" for cost in export.missing]
    found += [f"  note       {note}" for note in export.notes]
    if export.without_bill_numbers:
        found.append(
            "  note       loaded without bill numbers: nothing is de-duplicated, also not against other exports"
        )
    whole = "complete" if scope.complete else "not complete"
    found += [
        f"  scope      {scope.words} ({whole}; {scope.reason}). Not so? Import it again with --scope",
        *(f"  answers    {text}" for text in can(scope)),
        *(f"  cannot     {text}" for text in cannot(scope)),
        f"  next       {following(scope)}",
    ]
    return found


def can(scope: Scope) -> list[str]:
    """What an export of this scope answers."""
    if not scope.complete or scope.kind == "none":
        return ["what these bills show: volumes, dates and products of the pairs in it"]
    return {
        "supplier": [f"what each customer is to {scope.value}: shares, tiers, customers won and lost"],
        "buyer": [f"what each supplier is to {scope.value}: shares of the buyer"],
        "product": [f"within HS {scope.value}: shares of suppliers and buyers, who needs whom, who else supplies it"],
        "lane": [f"volumes from {scope.value}; shares only of what comes from there, so none is published"],
        "all": ["shares of suppliers and buyers, alternatives"],
    }[scope.kind]


def cannot(scope: Scope) -> list[str]:
    """What it does not answer; these figures are empty, with the reason `outside_scope`."""
    if not scope.complete or scope.kind in ("none", "lane"):
        return ["shares of any supplier or buyer, alternatives: it need not have all of their bills"]
    return {
        "supplier": ["what the supplier is to its customers (share of buyer), and who else could deliver"],
        "buyer": ["what the buyer is to its suppliers (share of supplier), and who else could deliver"],
        "product": ["shares, ranks and tiers over all products"],
        "all": [],
    }[scope.kind]


def following(scope: Scope) -> str:
    """What to export next."""
    if not scope.complete and scope.kind != "none":
        return "the rest of this result, or the same query in shorter spans of dates"
    return {
        "supplier": "all imports of the customers you negotiate for, one export each (scope buyer); then the product (scope product)",
        "buyer": "all shipments of the suppliers you negotiate with, one export each (scope supplier); then the product",
        "product": "all shipments of the supplier you negotiate with (scope supplier), for shares over all its products",
        "lane": "all shipments of the supplier, and all imports of the buyer, you negotiate for",
        "none": "all shipments of the supplier, and all imports of the buyer, you negotiate for; or name the query with --scope",
        "all": "the same query again in some weeks",
    }[scope.kind]


def _some(headers: list[str]) -> str:
    shown = ", ".join(header.strip() for header in headers[:SHOWN_HEADERS])
    return (shown + (f" and {len(headers) - SHOWN_HEADERS} more" if len(headers) > SHOWN_HEADERS else "")) or "none"
