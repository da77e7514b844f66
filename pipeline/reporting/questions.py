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

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.formatting import TEU
from pipeline.project_files import WEEKLY_SEEDS

Row = Mapping[str, Any]

MONTHS: Final = 12
KG_OF_TONNE: Final = 1000
KEY: Final = {
    "as_of_week": "varchar",
    "revision": "integer",
    "supplier_id": "varchar",
    "consignee_id": "varchar",
    "hs4": "varchar",
}
TEXTS: Final = ("opening_question", "their_question", "honest_answer")
"""Columns of `fct_leverage_snapshot` that are filled here."""


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
    return Questions(*(template[name].format(**figures) for name in TEXTS))


def fill_texts(connection: duckdb.DuckDBPyConnection, leverage: str, tier: str, target: str) -> None:
    """Create the temporary table `target`: all rows of `leverage`, their text columns filled.

    Args:
        connection: an engine with both tables.
        leverage: `fct_leverage_snapshot` or its history, as SQL.
        tier: `fct_tier` or its history, as SQL.
        target: name of the table.
    """
    made = f"made_{target}"
    key = ", ".join(f"{name} {kind}" for name, kind in KEY.items())
    texts = ", ".join(f"{name} varchar" for name in TEXTS)
    connection.execute(f"create or replace temp table {made} ({key}, {texts})")
    # week by week: all weeks of a year together would not fit in memory
    weeks = connection.execute(f"select distinct as_of_week from {leverage} order by as_of_week").fetchall()
    for (week,) in weeks:
        cursor = connection.execute(_FIGURES.format(leverage=leverage, tier=tier), [week])
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        filled = [{**{name: row[name] for name in KEY}, **vars(questions_for(row, *_tiers(row)))} for row in rows]
        if filled:
            connection.register("filled", pa.Table.from_pylist(filled))
            connection.execute(f"insert into {made} by name select * from filled")
            connection.unregister("filled")
    replaced = ", ".join(f"texts.{name} as {name}" for name in TEXTS)
    connection.execute(
        f"create or replace temp table {target} as select leverage.* replace ({replaced}) "
        f"from {leverage} as leverage left join {made} as texts using ({', '.join(KEY)})"
    )
    connection.execute(f"drop table {made}")


def posture_text(posture: str | None) -> str | None:
    """What to do, as a sentence."""
    if posture is None:
        return None
    text = _postures().get(posture, posture)
    return text if text.endswith(".") else f"{text[:1].upper()}{text[1:]}."


def _tiers(row: Row) -> tuple[Row, Row]:
    """The pair's and the largest customer's part of a row of `_FIGURES`."""
    own, largest = (
        {name: row[f"{who}_{name}"] for name in ("volume_unit", "volume_52w", "containers_per_month")}
        for who in ("own", "largest")
    )
    return {**own, "customers": row["customers"]}, largest


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


_FIGURES: Final = """
with ladder as (
    select * from {tier} where as_of_week = $1
),

largest as (
    select *
    from ladder
    qualify row_number() over (partition by supplier_id, revision order by customer_rank, consignee_id) = 1
)

select
    leverage.as_of_week,
    leverage.revision,
    leverage.supplier_id,
    leverage.consignee_id,
    leverage.hs4,
    leverage.question_id,
    leverage.volume_unit,
    leverage.share_of_supplier,
    leverage.share_of_buyer,
    leverage.unnamed_volume_52w,
    leverage.supplier_volume_52w,
    leverage.alternatives,
    leverage.commitment_volume,
    own.customers,
    own.volume_unit as own_volume_unit,
    own.volume_52w as own_volume_52w,
    own.containers_per_month as own_containers_per_month,
    largest.volume_unit as largest_volume_unit,
    largest.volume_52w as largest_volume_52w,
    largest.containers_per_month as largest_containers_per_month
from {leverage} as leverage
inner join ladder as own
    on leverage.supplier_id = own.supplier_id
    and leverage.consignee_id = own.consignee_id
    and leverage.revision = own.revision
inner join largest on leverage.supplier_id = largest.supplier_id and leverage.revision = largest.revision
where leverage.as_of_week = $1 and leverage.question_id is not null
"""
