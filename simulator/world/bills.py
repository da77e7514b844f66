"""The data of a bill before it becomes text: names of its columns and of their values."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis.draws import Columns

REGULAR, HOUSE, MASTER, SUB_HOUSE = range(4)
"""Levels of a bill."""
BOXED, SHARED, LOOSE, UNSIZED = range(4)
"""How cargo travels: in own boxes, in a part of a shared one, outside boxes, in boxes whose size is not given."""

COLUMNS: Final = (
    "key",
    "booking",
    "relation",
    "week",
    "level",
    "group",
    "mode",
    "foot",
    "boxes",
    "houses",
    "kg",
    "carrier",
    "weekday",
    "lag",
)
"""Of a bill: `key`, on which its draws depend; its booking; the row of its pair; its arrival week; its level; the key
of its master's group; its mode; the length of its boxes in feet; boxes (of each house, for a master); houses under it;
kilograms; carrier; arrival in days after Monday; days from arrival to the first delivery, -1 where chance decides."""


def none() -> Columns:
    """No bills."""
    return {name: np.zeros(0, dtype=np.int64) for name in COLUMNS}
