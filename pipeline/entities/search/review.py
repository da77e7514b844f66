"""Uncertain decisions for people, those that affect most bills first, as a file that can be returned.

Each line asks whether two name variants are one firm. It has the columns of the overrides file, filled but for
`action`, `who` and `why`, and further columns that help to decide. Filled in and appended to `LEVERAGE_OVERRIDES` (or
named by it), it is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, Protocol

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.entities.matching import pairs as scored_pairs
from pipeline.entities.overrides.load import load_overrides
from pipeline.entities.overrides.rows import NO_ADDRESS
from pipeline.entities.search.bills import BILLS_SCHEMA, bills_of_variants
from pipeline.settings import Settings
from pipeline.warehouse.connection import create_temp_table, engine

APART: Final = "two entities now: merge them, or split to keep them apart"
TOGETHER: Final = "one entity now: split them, or merge to keep them together"


class Pairs(Protocol):
    """The source of uncertain pairs; see the module `pairs`."""

    uncertain: Callable[[Settings], pa.Table]
    reasons_of: Callable[[Settings, pa.Table], Sequence[tuple[str, ...]]]


@dataclass(frozen=True)
class Review:
    """The first questions.

    Attributes:
        rows: one dict a question, by the columns of the overrides file and its information columns.
        doubtful: the number of all questions.
        bills_known: whether the warehouse could be read; otherwise the nearest pairs come first.
    """

    rows: list[dict[str, Any]]
    doubtful: int
    bills_known: bool


def review(settings: Settings, limit: int, pairs: Pairs = scored_pairs) -> Review:  # type: ignore[assignment]
    """Return the most valuable questions.

    A merge or a split affects the bills of the smaller side: of the smaller entity, or of the less used words of one
    entity. Of many pairs between the same two entities the nearest is asked; what people have answered is not asked
    again.

    Raises:
        OverridesError: the overrides cannot be read.
        WarehouseError: no parties are resolved yet, or another process has the index open.
    """
    doubtful = pairs.uncertain(settings)
    bills = bills_of_variants(settings)
    with closing(engine(settings)) as connection:
        create_temp_table(connection, "doubtful", doubtful)
        create_temp_table(connection, "bills_of", BILLS_SCHEMA.empty_table() if bills is None else bills)
        for name, source in (("decided", registry.DECISIONS), ("made", registry.ENTITIES)):
            connection.execute(
                f"create temp table {name} as select * from {registry.rows_sql(settings, source)} as rows"
            )
        _answered(settings, connection)
        connection.execute(_QUESTIONS)
        asked = connection.execute("select * from question order by position limit ?", [limit]).to_arrow_table()
        (total,) = connection.execute("select count(*) from question").fetchone() or (0,)
    reasons = pairs.reasons_of(settings, asked.select(["left_spelling_id", "right_spelling_id"])) if len(asked) else ()
    rows = [_line(row, why, bills is not None) for row, why in zip(asked.to_pylist(), reasons, strict=True)]
    return Review(rows, total, bills is not None)


def _answered(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    """Create `answered`: pairs of name variants on which people have decided."""
    answers: list[tuple[int, int]] = []
    if settings.overrides:
        known = connection.execute(
            "select spelling_id, party_kind, raw_name, raw_address, entity_id, first_run_date from decided"
        ).to_arrow_table()
        overrides = load_overrides(settings, known)
        answers = [*overrides.must, *overrides.cannot]
    left, right = zip(*answers, strict=True) if answers else ((), ())
    create_temp_table(
        connection, "answers", pa.table({"a": pa.array(left, pa.int64()), "b": pa.array(right, pa.int64())})
    )
    connection.execute("""
        create temp table answered as
        select
            answers.a as spelling_a, answers.b as spelling_b,
            least(one.entity_id, other.entity_id) as entity_a, greatest(one.entity_id, other.entity_id) as entity_b
        from answers
        inner join decided as one on answers.a = one.spelling_id
        inner join decided as other on answers.b = other.spelling_id
    """)


def _line(row: dict[str, Any], reasons: tuple[str, ...], bills_known: bool) -> dict[str, Any]:
    line = {
        "action": "",
        "party_kind": row["party_kind"],
        "spelling": row["left_name"],
        "address": row["left_address"].strip() or NO_ADDRESS,
        "other_spelling": row["right_name"],
        "other_address": row["right_address"].strip() or NO_ADDRESS,
        "question": TOGETHER if row["together"] else APART,
        "score": row["score"],
        "reasons": "; ".join(reasons),
        "entity_id": row["left_entity_id"],
        "entity_name": row["left_entity_name"],
        "other_entity_id": row["right_entity_id"],
        "other_entity_name": row["right_entity_name"],
    }
    if bills_known:
        line |= {"bills_affected": row["affected"], "bills": row["left_bills"], "other_bills": row["right_bills"]}
    return line


_QUESTIONS: Final = """
create temp table weighed as
select decided.entity_id, sum(coalesce(bills_of.bills, 0)) as bills
from decided
left join bills_of using (spelling_id)
where decided.entity_id is not null
group by decided.entity_id;

create temp table worded as
select decided.entity_id, decided.clean_name, sum(coalesce(bills_of.bills, 0)) as bills
from decided
left join bills_of using (spelling_id)
where decided.entity_id is not null
group by decided.entity_id, decided.clean_name;

create temp table question as
with doubted as (
    select
        doubtful.*,
        one.party_kind,
        one.raw_name as left_name,
        one.raw_address as left_address,
        one.entity_id as left_entity_id,
        other.raw_name as right_name,
        other.raw_address as right_address,
        other.entity_id as right_entity_id,
        one.entity_id = other.entity_id as together,
        case
            when one.entity_id <> other.entity_id then ours.bills
            when one.clean_name <> other.clean_name then our_words.bills
            else coalesce(mine.bills, 0)
        end as left_bills,
        case
            when one.entity_id <> other.entity_id then theirs.bills
            when one.clean_name <> other.clean_name then their_words.bills
            else coalesce(its.bills, 0)
        end as right_bills
    from (select left_spelling_id, right_spelling_id, score from doubtful) as doubtful
    inner join decided as one on doubtful.left_spelling_id = one.spelling_id
    inner join decided as other on doubtful.right_spelling_id = other.spelling_id
    inner join weighed as ours on one.entity_id = ours.entity_id
    inner join weighed as theirs on other.entity_id = theirs.entity_id
    inner join worded as our_words on one.entity_id = our_words.entity_id and one.clean_name = our_words.clean_name
    inner join worded as their_words
        on other.entity_id = their_words.entity_id and other.clean_name = their_words.clean_name
    left join bills_of as mine on one.spelling_id = mine.spelling_id
    left join bills_of as its on other.spelling_id = its.spelling_id
),
open as (
    select *, least(left_entity_id, right_entity_id) as entity_a, greatest(left_entity_id, right_entity_id) as entity_b
    from doubted
    where not exists (
        from answered
        where
            least(answered.spelling_a, answered.spelling_b) = least(doubted.left_spelling_id, doubted.right_spelling_id)
            and greatest(answered.spelling_a, answered.spelling_b)
            = greatest(doubted.left_spelling_id, doubted.right_spelling_id)
    )
),
one_each as (
    -- apart: the nearest pair of two entities; together: the weakest link of an entity
    select *
    from open
    anti join (select entity_a, entity_b from answered where entity_a <> entity_b) as settled using (entity_a, entity_b)
    qualify row_number() over (
        partition by entity_a, entity_b
        order by case when together then score else -score end, left_spelling_id, right_spelling_id
    ) = 1
)
select
    one_each.*,
    least(left_bills, right_bills) as affected,
    own.entity_name as left_entity_name,
    its.entity_name as right_entity_name,
    row_number() over (
        order by
            least(left_bills, right_bills) desc,
            left_bills + right_bills desc,
            abs(score - 0.5),
            left_spelling_id,
            right_spelling_id
    ) as position
from one_each
left join made as own on one_each.left_entity_id = own.entity_id
left join made as its on one_each.right_entity_id = its.entity_id
"""
