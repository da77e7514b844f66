"""The closed week as of which weekly tables are built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipeline.settings import PREFIX

WEEK_VARIABLE: Final = f"{PREFIX}AS_OF_WEEK"
MONDAY_VARIABLE: Final = f"{PREFIX}WEEK_START"
CUT_OFF_VARIABLE: Final = f"{PREFIX}CUT_OFF"


@dataclass(frozen=True)
class AsOf:
    """One ISO week and what is known of it.

    Attributes:
        week: ISO text such as `2026-W46`.
        week_start: its Monday.
        cut_off: newest run date of the records that are known, inclusive.

    Raises:
        ValueError: the three do not fit together.
    """

    week: str
    week_start: date
    cut_off: date

    def __post_init__(self) -> None:
        if self.week != iso_week(self.week_start) or self.week_start.weekday() != 0:
            raise ValueError(f"{self.week_start} is not the Monday of {self.week}")
        if self.cut_off < self.week_start + timedelta(days=6):
            raise ValueError(f"the cut-off {self.cut_off} is before the end of {self.week}")

    @classmethod
    def of(cls, week_start: date, cut_off: date) -> AsOf:
        """The week that begins on `week_start`."""
        return cls(iso_week(week_start), week_start, cut_off)


def iso_week(day: date) -> str:
    """ISO text of the week of `day`, such as `2026-W46`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def week_variables(as_of: AsOf | None) -> dict[str, str]:
    """Environment variables of a dbt run; empty where no week is built, so that none is left over from elsewhere."""
    if as_of is None:
        return {WEEK_VARIABLE: "", MONDAY_VARIABLE: "", CUT_OFF_VARIABLE: ""}
    return {
        WEEK_VARIABLE: as_of.week,
        MONDAY_VARIABLE: as_of.week_start.isoformat(),
        CUT_OFF_VARIABLE: as_of.cut_off.isoformat(),
    }
