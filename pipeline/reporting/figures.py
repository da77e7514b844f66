"""A figure that can be traced, and the set of bills behind it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pipeline.formatting import TEU, in_unit, reason_text


@dataclass(frozen=True)
class Figure:
    """One number of a document.

    Attributes:
        value: None where it is not known, with the code why as `reason`.
        bills: key of the set of bills behind it (`BillSet.key`); None where it follows from other figures.
    """

    key: str
    value: float | None
    unit: str
    bills: str | None = None
    reason: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bill:
    """One bill behind a figure.

    Attributes:
        number: its master, house and sub-house numbers, as far as it has them.
        weight_kg, containers, teu: the part of the bill that the set counts (of several products, one product's).
    """

    number: str
    arrival_date: date
    weight_kg: float | None
    containers: float
    teu: float | None


@dataclass(frozen=True)
class BillSet:
    """The bills behind one or more figures.

    Attributes:
        query: SQL that lists all of them (or adds them up), for the warehouse.
        is_counted_only: whether they hide a name, and so are added up but never listed.
        count, weight_kg, containers, teu: totals; None where evidence was not asked for.
        frozen: the volume that the snapshot shows for the same bills, where it shows one, in `unit`.
    """

    key: str
    title: str
    query: str
    unit: str
    is_counted_only: bool = False
    frozen: float | None = None
    count: int | None = None
    weight_kg: float | None = None
    containers: float | None = None
    teu: float | None = None
    bills: tuple[Bill, ...] = ()

    @property
    def total(self) -> float | None:
        """Their volume in `unit`."""
        return self.teu if self.unit == TEU else self.weight_kg


def figure_text(figure: Figure) -> str:
    """A figure with its unit; a null one as `not known: <why>`."""
    if figure.value is None:
        return f"not known: {reason_text(figure.reason)}"
    return in_unit(float(figure.value), figure.unit)


def bounds_text(figure: Figure) -> str | None:
    """Low and high of a figure, such as `5.5% to 7.0%`; None where it has none or they print alike."""
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    low, high = in_unit(float(figure.low), figure.unit), in_unit(float(figure.high), figure.unit)
    return None if low == high else f"{low} to {high}"


def as_json(facts: Any) -> str:
    """The facts of a document, a dataclass, as indented JSON with dates as ISO text."""
    return json.dumps(asdict(facts), default=str, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
