"""What to do and to say before a call to a supplier: posture and questions, made of a leverage row's figures.

The snapshot freezes codes (`posture`, `question_id`) and figures; documents and the BI copy get their sentences here.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.formatting import TEU, counted, measure, number, share
from pipeline.project_files import WEEKLY_SEEDS
from pipeline.reporting.market import NONE, Market, market_of

Row = Mapping[str, Any]

MONTHS: Final = 12
KEY: Final = {
    "as_of_week": "varchar",
    "revision": "integer",
    "supplier_id": "varchar",
    "consignee_id": "varchar",
    "hs4": "varchar",
}
TEXTS: Final = ("opening_question", "their_question", "honest_answer")
"""Columns of `fct_leverage_snapshot` that are filled here."""
OF_PRODUCT: Final = {
    "US customer": "US customer for {}",
    "what you ship here": "what you ship here of {}",
    "of your volume is unnamed": "of your volume of it is unnamed",
}
"""What templates say of all that a supplier ships, and what they say of one product."""
_OF_TIER: Final = ("volume_unit", "volume_52w", "containers_per_month", "bills_per_month", "customer_rank")


@dataclass(frozen=True)
class Questions:
    """Sentences for a call; None where the row has no posture."""

    opening_question: str | None = None
    their_question: str | None = None
    honest_answer: str | None = None


def questions_for(row: Row, own: Row | None, largest: Row | None, market: Market) -> Questions:
    """Return the sentences of a leverage row.

    Args:
        row: of `fct_leverage_snapshot`.
        own: the pair's row of `fct_tier`.
        largest: that of the supplier's largest named customer.
        market: the other suppliers of the product, of the main one where the row is of all.
    """
    question_id = row["question_id"] or ""
    if own is not None and own.get("customer_rank") == 1:
        # several customers can be the largest
        question_id = question_id.replace("_other", "_largest")
    if row.get("posture") == "undetermined":
        # commits to neither of the postures that fit
        question_id = f"compare_{question_id.rpartition('_')[2]}"
    template = _templates().get(question_id)
    if template is None or own is None or largest is None:
        return Questions()
    figures = _figures(row, own, largest, market)
    if market.statement == NONE and template["honest_answer_none"]:
        template = {**template, "honest_answer": template["honest_answer_none"]}
    texts = [template[name] for name in TEXTS]
    if row.get("share_basis") == "product":
        # ranks and shares are of these goods only
        for whole, part in OF_PRODUCT.items():
            texts = [text.replace(whole, part.format(f"HS {row['hs4']}")) for text in texts]
    return Questions(*(text.format(**figures) for text in texts))


def fill_texts(
    connection: duckdb.DuckDBPyConnection, leverage: str, tier: str, alternative: str, supplier: str, target: str
) -> None:
    """Create the temporary table `target`: all rows of `leverage`, their text columns filled.

    Args:
        connection: an engine with the tables.
        leverage: `fct_leverage_snapshot` or its history, as SQL.
        tier: `fct_tier` or its history.
        alternative: `fct_alternative` or its history.
        supplier: `dim_supplier`, as SQL.
        target: name of the table.
    """
    made = f"made_{target}"
    key = ", ".join(f"{name} {kind}" for name, kind in KEY.items())
    texts = ", ".join(f"{name} varchar" for name in TEXTS)
    connection.execute(f"create or replace temp table {made} ({key}, {texts})")
    # week by week: all weeks of a year together would not fit in memory
    weeks = connection.execute(f"select distinct as_of_week from {leverage} order by as_of_week").fetchall()
    for (week,) in weeks:
        query = _FIGURES.format(leverage=leverage, tier=tier, alternative=alternative, supplier=supplier)
        cursor = connection.execute(query, [week])
        names = [column[0] for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        filled = [{**{name: row[name] for name in KEY}, **vars(_questions_of(row))} for row in rows]
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


def _questions_of(row: Row) -> Questions:
    """The sentences of a row of `_FIGURES`."""
    market = market_of(row, row["market_hs4"], row["others"] or [])
    return questions_for(row, *_tiers(row), market)


def _tiers(row: Row) -> tuple[Row, Row]:
    """The pair's and the largest customer's part of a row of `_FIGURES`."""
    own, largest = ({name: row[f"{who}_{name}"] for name in _OF_TIER} for who in ("own", "largest"))
    return {**own, "customers": row["customers"]}, largest


def _figures(row: Row, own: Row, largest: Row, market: Market) -> dict[str, str]:
    """What templates may name."""
    return {
        "our_share": share(row["share_of_supplier"]),
        "buyer_share": share(row["share_of_buyer"]),
        "unnamed_share": share(float(row["unnamed_volume_52w"]) / float(row["supplier_volume_52w"])),
        "customers": counted(own["customers"], "customer"),
        "market": market.sentence(),
        "goods": market.goods,
        "purchases": "what we buy" if row["hs4"] == "all" else f"what we buy of HS {row['hs4']}",
        **_amounts(row, own, largest),
    }


def period_of(own: Row) -> tuple[int, str]:
    """The months by which a customer's year is divided, and how a part is called: a month, if it buys so often."""
    return (MONTHS, "a month") if float(own.get("bills_per_month") or 0) >= 1 else (1, "a year")


def _amounts(row: Row, own: Row, largest: Row) -> dict[str, str]:
    """What the pair and the largest customer take and what would reach the next tier, in one unit and one period."""
    months, period = period_of(own)
    over = "in the last year" if months == 1 else f"{period} over the last year"
    in_teu = own["volume_unit"] == TEU
    ours, top = (
        float(tier["containers_per_month"] or 0) * MONTHS / months if in_teu else float(tier["volume_52w"]) / months
        for tier in (own, largest)
    )
    gap = row["commitment_volume"]
    more = float(gap) / months if gap else None
    if in_teu and more is not None:
        # in containers like the pair's own, or of 40 feet
        more *= ours * months / float(own["volume_52w"]) if own["volume_52w"] and ours else 0.5
    unit = measure([ours, top, more], row["volume_unit"])

    def text(value: float) -> str:
        return counted(value, "container") if in_teu else unit.text(value)

    return {
        "top": text(top),
        "ours": number(ours) if in_teu else unit.beside(ours),
        "ours_over": f"{text(ours)} {over}",
        "period": period,
        "more": "a firm volume" if more is None else f"another {text(more)} {period}",
    }


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
),

-- the product whose alternatives a row of all products counts: the pair's largest
products as (
    select supplier_id, consignee_id, revision, max_by(hs4, (volume_52w, hs4)) as hs4
    from {leverage}
    where as_of_week = $1 and hs4 not in ('all', 'unknown')
    group by supplier_id, consignee_id, revision
),

-- one more than a sentence names: the row's own supplier may be among them
offers as (
    select
        offer.consignee_id,
        offer.hs4,
        offer.revision,
        list(
            {{
                'alternative_supplier_id': offer.alternative_supplier_id,
                'name': names.supplier_name,
                'grade': offer.grade
            }}
            order by offer.rank, offer.alternative_supplier_id
        ) as others
    from {alternative} as offer
    left join {supplier} as names on offer.alternative_supplier_id = names.supplier_id
    where offer.as_of_week = $1 and offer.rank <= 3
    group by offer.consignee_id, offer.hs4, offer.revision
),

asked as (
    select
        leverage.*,
        case when leverage.hs4 = 'all' then products.hs4 else leverage.hs4 end as market_hs4
    from {leverage} as leverage
    left join products using (supplier_id, consignee_id, revision)
    where leverage.as_of_week = $1 and leverage.question_id is not null
)

select
    asked.as_of_week,
    asked.revision,
    asked.supplier_id,
    asked.consignee_id,
    asked.hs4,
    asked.market_hs4,
    asked.question_id,
    asked.posture,
    asked.share_basis,
    asked.volume_unit,
    asked.share_of_supplier,
    asked.share_of_buyer,
    asked.unnamed_volume_52w,
    asked.supplier_volume_52w,
    asked.alternatives,
    asked.alternatives_seen,
    asked.commitment_volume,
    list_filter(offers.others, one -> one.alternative_supplier_id <> asked.supplier_id) as others,
    own.customers,
    own.volume_unit as own_volume_unit,
    own.volume_52w as own_volume_52w,
    own.containers_per_month as own_containers_per_month,
    own.bills_per_month as own_bills_per_month,
    own.customer_rank as own_customer_rank,
    largest.volume_unit as largest_volume_unit,
    largest.volume_52w as largest_volume_52w,
    largest.containers_per_month as largest_containers_per_month,
    largest.bills_per_month as largest_bills_per_month,
    largest.customer_rank as largest_customer_rank
from asked
inner join ladder as own
    on asked.supplier_id = own.supplier_id
    and asked.consignee_id = own.consignee_id
    and asked.revision = own.revision
inner join largest on asked.supplier_id = largest.supplier_id and asked.revision = largest.revision
left join offers
    on asked.consignee_id = offers.consignee_id
    and asked.market_hs4 = offers.hs4
    and asked.revision = offers.revision
"""
