"""What to do and to say before a call to a supplier: posture and questions, made of a leverage row's figures.

The snapshot freezes codes (`posture`, `question_id`) and figures; documents and the BI copy get their sentences here.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pipeline.formatting import TEU
from pipeline.project_files import WEEKLY_SEEDS

Row = Mapping[str, Any]

MONTHS: Final = 12
KG_OF_TONNE: Final = 1000


@dataclass(frozen=True)
class Questions:
    """Sentences for a call; None where the row has no posture.

    Attributes:
        opening_question: what to ask first.
        their_question: what the supplier is likely to ask.
        honest_answer: the answer that the data supports.
    """

    opening_question: str | None = None
    their_question: str | None = None
    honest_answer: str | None = None


def questions_for(row: Row, own: Row | None, largest: Row | None) -> Questions:
    """Return the sentences of a leverage row.

    Args:
        row: of `fct_leverage_snapshot`.
        own: the pair's row of `fct_tier`.
        largest: that of the supplier's largest named customer.
    """
    template = _templates().get(row["question_id"] or "")
    if template is None or own is None or largest is None:
        return Questions()
    figures = _figures(row, own, largest)
    return Questions(*(template[name].format(**figures) for name in Questions.__dataclass_fields__))


def posture_text(posture: str | None) -> str | None:
    """What to do, as a sentence."""
    if posture is None:
        return None
    text = _postures().get(posture, posture)
    return text if text.endswith(".") else f"{text[:1].upper()}{text[1:]}."


def _figures(row: Row, own: Row, largest: Row) -> dict[str, str]:
    """What templates may name."""
    ours, top, unit = _monthly(own, largest)
    alternatives = row["alternatives"]
    others = {0: "no other supplier", 1: "1 other supplier"}.get(alternatives, f"{alternatives} other suppliers")
    return {
        "our_share": _percent(row["share_of_supplier"]),
        "buyer_share": _percent(row["share_of_buyer"]),
        "unnamed_share": _percent(float(row["unnamed_volume_52w"]) / float(row["supplier_volume_52w"])),
        "customers": str(own["customers"]),
        "our_monthly": ours,
        "top_monthly": top,
        "monthly_unit": unit,
        "alternatives": others,
        "purchases": "what we buy" if row["hs4"] == "all" else f"what we buy of HS {row['hs4']}",
        "more": _more(row),
    }


def _monthly(own: Row, largest: Row) -> tuple[str, str, str]:
    """What the pair and the largest customer take a month, and the unit of both."""
    if own["volume_unit"] == TEU:
        return _amount(own["containers_per_month"]), _amount(largest["containers_per_month"]), "containers"
    ours, top = (float(tier["volume_52w"]) / MONTHS for tier in (own, largest))
    if ours < KG_OF_TONNE:
        return _amount(ours), _amount(top), "kg"
    return _amount(ours / KG_OF_TONNE), _amount(top / KG_OF_TONNE), "tonnes"


def _more(row: Row) -> str:
    """The volume that reaches the next tier."""
    gap = row["commitment_volume"]
    if gap is None:
        return "a firm volume"
    monthly = float(gap) / MONTHS
    if row["volume_unit"] == TEU:
        return f"another {_amount(monthly)} TEU a month"
    if monthly < KG_OF_TONNE:
        return f"another {_amount(monthly)} kg a month"
    return f"another {_amount(monthly / KG_OF_TONNE)} tonnes a month"


def _amount(value: float) -> str:
    """An amount as people say it: whole from ten on, else one digit unless it is whole."""
    amount = float(value)
    if amount < 0.05:
        return "less than 0.1"
    if amount >= 9.95:
        return f"{_rounded(amount):,}"
    return f"{_rounded(amount * 10) / 10:g}"


def _percent(value: float) -> str:
    return "less than 1 %" if value < 0.01 else f"{_rounded(100 * float(value))} %"


def _rounded(value: float) -> int:
    """Rounded half up, as people expect; `round` would make 2.5 a 2."""
    return math.floor(value + 0.5)


@cache
def _templates() -> Mapping[str, dict[str, str]]:
    with (WEEKLY_SEEDS / "question.csv").open(encoding="utf-8", newline="") as file:
        return {row["question_id"]: row for row in csv.DictReader(file)}


@cache
def _postures() -> Mapping[str, str]:
    with (WEEKLY_SEEDS / "posture.csv").open(encoding="utf-8", newline="") as file:
        return {row["posture"]: row["posture_text"] for row in csv.DictReader(file)}
