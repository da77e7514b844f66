"""When a company's goods arrive: its usual gap, long gaps, a rush, as a sales rep can read them off."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.formatting import BILLS, WEEKS
from pipeline.reporting.facts.published_week import Reading
from pipeline.reporting.figures import Figure
from pipeline.reporting.mirror.facts import Gap, Rhythm

LISTED_GAPS: Final = 3
GAP_PART: Final = 0.9
"""A gap longer than this part of the company's gaps is long for it."""
LEAST_GAP: Final = 4
"""Weeks under which no gap is shown: a ship is late by so much."""
RHYTHM_WEEKS: Final = 12
"""Weeks with bills that a rhythm needs, as in `int_pair_rhythm`."""
RUSH_WEEKS: Final = 8
RUSH: Final = 1.5
"""Times the usual bills from which the last weeks are a rush; and at least `RUSH_BILLS` more, or one booking is one."""
RUSH_BILLS: Final = 4


def rhythm_of(reading: Reading, company_id: str, first: date, last: date) -> Rhythm | None:
    """The rhythm of a company between two Mondays; None without bills."""
    rows = reading.rows(_WEEKS, [company_id, first, last])
    if not rows:
        return None
    weeks = [row["week_start_date"] for row in rows]
    gaps = [(after, before, (before - after).days // 7) for after, before in pairwise(weeks)]
    lengths = sorted(length for *_, length in gaps)
    steady = len(weeks) >= RHYTHM_WEEKS
    since = (last - weeks[-1]).days // 7
    line = max(LEAST_GAP, lengths[min(len(lengths) - 1, int(GAP_PART * len(lengths)))]) if steady else LEAST_GAP
    year_ago = reading.window(52)[0]
    long = [gap for gap in gaps if steady and gap[2] > line and gap[1] >= year_ago]
    bills = {row["week_start_date"]: row["bills"] for row in rows}
    recent = sum(count for week, count in bills.items() if (last - week).days // 7 < RUSH_WEEKS)
    before = sum(count for week, count in bills.items() if RUSH_WEEKS <= (last - week).days // 7 < 52 + RUSH_WEEKS)
    usual = before / 52 * RUSH_WEEKS

    def gap(name: str, value: float | None) -> Figure:
        return Figure(f"rhythm.{name}", value, WEEKS, "company", None if value is not None else "few_bills")

    return Rhythm(
        weeks_with_bills=Figure("rhythm.weeks_with_bills", len(weeks), WEEKS, "company"),
        usual_gap=gap("usual_gap", median(lengths) if steady else None),
        longest_gap=gap("longest_gap", lengths[-1] if steady else None),
        since_last=gap("since_last", since),
        is_overdue=steady and since > line,
        gaps=tuple(
            Gap(after, before_, Figure(f"rhythm.gap.{after}", length, WEEKS, "company"))
            for after, before_, length in sorted(long, key=lambda item: (-item[2], item[0]))[:LISTED_GAPS]
        ),
        bills_recent=Figure("rhythm.bills_recent", recent, BILLS, "company"),
        bills_usual=Figure("rhythm.bills_usual", usual, BILLS, "company"),
        is_rush=steady and recent > RUSH * usual and recent - usual >= RUSH_BILLS,
    )


_WEEKS: Final = """
select
    week_start_date,
    count(*) as bills
from bill
where consignee_id = $1 and consignee_is_named and week_start_date between $2 and $3
group by week_start_date
order by week_start_date
"""
