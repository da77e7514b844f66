"""A figure that can be traced, and the set of bills behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

TEU: Final = "teu"
KG: Final = "kg"
BOXES: Final = "containers"
BILLS: Final = "bills"
WEEKS: Final = "weeks"
COUNT: Final = "count"
SHARE: Final = "share"
SIGNED: Final = "signed"
CHANGE: Final = "change"
RATIO: Final = "ratio"
"""Units of figures."""


@dataclass(frozen=True)
class Figure:
    """One number of a document.

    Attributes:
        key: its name within the document, such as `standing.volume_52w`.
        value: None where it cannot be told.
        unit: one of this module's units.
        bills: key of the set of bills behind it (`BillSet.key`); None where it follows from other figures.
        reason: code why the value is None.
        low, high: bounds, where it has them.
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
        arrival_date: as in `fct_shipment`.
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
        key: as `Figure.bills` has it.
        title: what they are, in words.
        query: SQL that lists all of them (or adds them up), for the warehouse.
        is_counted_only: whether they hide a name, and so are added up but never listed.
        count, weight_kg, containers, teu: totals; None where evidence was not asked for.
        frozen: the volume that the snapshot shows for the same bills, where it shows one, in `unit`.
        unit: `teu` or `kg`.
        bills: the newest of them, a few.
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
