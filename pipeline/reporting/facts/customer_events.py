"""A supplier's customer events of the last half year, as frozen in `fct_customer_event`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pipeline.formatting import BILLS, SHARE, WEEKS
from pipeline.reporting.facts.published_week import Reading
from pipeline.reporting.figures import Figure
from pipeline.snapshots.calendar import parse_week

RECENT_WEEKS: Final = 26
"""Events that began within so many weeks are listed."""
LISTED_EVENTS: Final = 5
"""Customers that are listed of those that stopped, and of those that began."""
STOPPED: Final = ("lost", "went_dark", "silent")
"""Events in which a name stopped."""


@dataclass(frozen=True)
class CustomerEvent:
    """A customer whose name stopped, began or came back.

    Attributes:
        since: Monday of the first week with its bills (won, resurfaced) or of the last one (name stopped).
        silent_weeks: weeks without a bill up to now (name stopped) or before it resurfaced.
        share: of the supplier's bills: in the year up to its last bill, or in the last 13 weeks.
        customer_bills: bills that it brought since, or that its year lets expect.
        unnamed_change: bills without a name in those weeks less those expected.
    """

    event: str
    consignee_id: str
    name: str
    since: date
    silent_weeks: Figure
    share: Figure
    customer_bills: Figure
    unnamed_change: Figure

    @property
    def is_stop(self) -> bool:
        """Whether its name stopped."""
        return self.event in STOPPED


def read_events(reading: Reading, supplier_id: str) -> tuple[CustomerEvent, ...] | None:
    """Return the lasting events of weight that began in the last half year, the largest share of each kind first.

    None where the week was published before events were frozen.
    """
    if not reading.has_events:
        return None
    rows = reading.rows(_EVENTS, [supplier_id, reading.week.before(RECENT_WEEKS - 1).text])
    found = [_event(row, reading) for row in rows]
    stopped = [event for event in found if event.is_stop][:LISTED_EVENTS]
    begun = [event for event in found if not event.is_stop][:LISTED_EVENTS]
    return (*stopped, *begun)


def _event(row: dict[str, Any], reading: Reading) -> CustomerEvent:
    since = parse_week(row["since_week"])
    stopped = row["event"] in STOPPED
    silent = None
    if stopped:
        silent = (reading.week.monday - since.monday).days // 7 + 1
    elif row["silent_since"]:
        silent = (since.monday - parse_week(row["silent_since"]).monday).days // 7
    key, bills = f"events.{row['consignee_id']}", f"customer.past.{row['consignee_id']}"
    return CustomerEvent(
        event=row["event"],
        consignee_id=row["consignee_id"],
        name=row["name"] or row["consignee_id"],
        since=since.before(1).monday if stopped else since.monday,
        silent_weeks=Figure(f"{key}.silent_weeks", silent, WEEKS, bills),
        share=Figure(f"{key}.share", row["share_before"] if stopped else row["share_after"], SHARE, bills),
        customer_bills=Figure(f"{key}.customer_bills", row["customer_bills"], BILLS, bills),
        unnamed_change=Figure(f"{key}.unnamed_change", row["unnamed_bills_change"], BILLS, "supplier.unnamed.past"),
    )


_EVENTS: Final = """
select
    events.event,
    events.consignee_id,
    names.consignee_name as name,
    events.since_week,
    events.share_before,
    events.share_after,
    events.customer_bills,
    events.unnamed_bills_change,
    silences.since_week as silent_since
from customer_event as events
left join customer_event as silences
    on events.supplier_id = silences.supplier_id
    and events.consignee_id = silences.consignee_id
    and silences.until_week is not null
    and silences.until_week < events.since_week
left join dim_consignee as names on events.consignee_id = names.consignee_id
where
    events.supplier_id = $1
    and events.until_week is null
    and events.since_week >= $2
    -- a silence that is only longer than usual is no news
    and (events.event <> 'silent' or events.certainty = 'watch')
order by greatest(events.share_before, events.share_after) desc, events.consignee_id
"""
