"""What is counted in the staged rows of each table: SQL aggregates, named as the measures in `expectations/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from expectations.codes import BILL_TYPES, STATUSES
from expectations.dates import ARRIVAL_AFTER_DAYS, ARRIVAL_BEFORE_DAYS, RUN_DATE_AGE_DAYS, RUN_DATE_SLACK_DAYS
from expectations.links import CHILDREN
from expectations.seeds import CODE_WORD
from expectations.weights import KG_PER_UNIT, LARGEST_WEIGHT_KG, UNITS
from pipeline.ingest.formats.ams import TABLES, Table
from pipeline.ingest.privacy.rule import SWEPT

STAGED_ROWS: Final = "staged_rows"
BILLS: Final = "header_bills"
"""Relation of the distinct (release_date, identifier) of the headers, to which rows of other tables are joined."""


@dataclass(frozen=True)
class Count:
    """One count over the rows of one table and release day.

    Attributes:
        name: the measure's name.
        hits: SQL aggregate that counts.
        of: SQL aggregate that counts what the hits are a share of; None for a bare count.
        values: values bound to the parameters that `hits` and `of` name.
    """

    name: str
    hits: str
    of: str | None = None
    values: dict[str, Any] = field(default_factory=dict)


def counts_of(table: str) -> tuple[Count, ...]:
    """Return the counts of a table, to be evaluated over its rows (a child left joined to `BILLS`) by release day."""
    layout = TABLES[table]
    return (
        Count(STAGED_ROWS, "count(*)"),
        Count("missing_keys", f"count(*) filter (where {' or '.join(f'{key} is null' for key in layout.keys)})"),
        *_OF_TABLE.get(table, ()),
        *([_ORPHANS] if table in CHILDREN else []),
        *([_withheld(layout)] if layout.free_text else []),
    )


def free_text(layout: Table) -> str:
    """Return the SQL of a row's text in which personal data can be, one column a line."""
    return f"concat_ws(chr(10), {', '.join(layout.free_text)})"


def _withheld(layout: Table) -> Count:
    found = " or ".join(f"contains({column}, $swept)" for column in layout.free_text)
    return Count("withheld_texts", f"count(*) filter (where {found})", values={"swept": SWEPT})


def _conflicts(*content: str) -> Count:
    return Count(
        "conflicting_identifiers",
        f"count(distinct hash(identifier, {', '.join(content)})) - count(distinct identifier)",
        "count(distinct identifier)",
    )


_ORPHANS: Final = Count("orphans", f"count(*) filter (where {BILLS}.identifier is null)", "count(*)")
_STATUS: Final = CODE_WORD.format("record_status_indicator")
_BILL_TYPE: Final = CODE_WORD.format("bill_type_code")
_UNIT: Final = CODE_WORD.format("weight_unit")
_KNOWN_UNIT: Final = f"coalesce(list_contains($units, {_UNIT}), false)"
_WEIGHED: Final = "weight is not null and weight <> 0"
_DAY_OF_IDENTIFIER: Final = "try_strptime(left(identifier::varchar, 8), '%Y%m%d')::date"
_NEAR_ITS_DAY: Final = (
    f"between {_DAY_OF_IDENTIFIER} - {ARRIVAL_BEFORE_DAYS} and {_DAY_OF_IDENTIFIER} + {ARRIVAL_AFTER_DAYS}"
)
_ARRIVAL: Final = (
    f"if(estimated_arrival_date {_NEAR_ITS_DAY} and not coalesce(actual_arrival_date {_NEAR_ITS_DAY}, false), "
    "estimated_arrival_date, coalesce(actual_arrival_date, estimated_arrival_date))"
)
"""The arrival that the models date a bill by (macro `plausible_arrival`)."""

_OF_TABLE: Final[dict[str, tuple[Count, ...]]] = {
    "header": (
        _conflicts("record_status_indicator", "vessel_name", "weight", "weight_unit", _ARRIVAL),
        Count(
            "unknown_status",
            f"count(*) filter (where not list_contains($statuses, {_STATUS}))",
            "count(*)",
            {"statuses": list(STATUSES)},
        ),
        Count(
            "unknown_weight_unit",
            f"count(*) filter (where {_WEIGHED} and not {_KNOWN_UNIT})",
            f"count(*) filter (where {_WEIGHED})",
            {"units": list(UNITS)},
        ),
        Count("missing_weights", f"count(*) filter (where not ({_WEIGHED}))", "count(*)"),
        Count("negative_weights", "count(*) filter (where weight < 0)", "count(*)"),
        Count(
            "enormous_weights",
            f"count(*) filter (where weight * map($kg_units::varchar[], $kg_factors::double[])[{_UNIT}] > $largest)",
            values={
                "kg_units": list(KG_PER_UNIT),
                "kg_factors": list(KG_PER_UNIT.values()),
                "largest": LARGEST_WEIGHT_KG,
            },
        ),
        Count("missing_arrivals", f"count(*) filter (where {_ARRIVAL} is null)", "count(*)"),
        Count(
            "suspect_arrivals",
            f"count(*) filter (where {_ARRIVAL} not {_NEAR_ITS_DAY})",
            f"count({_ARRIVAL})",
        ),
    ),
    "billgen": (
        _conflicts("master_bol_number", "house_bol_number", "sub_house_bol_number", "bill_type_code", "run_date"),
        Count(
            "identifiers_off_run_date",
            "count(*) filter (where left(identifier::varchar, 8) <> strftime(run_date, '%Y%m%d'))",
            "count(*)",
        ),
        Count("run_dates_after_release", "count(*) filter (where run_date > release_date)"),
        Count(
            "run_dates_in_future",
            "count(*) filter (where run_date > release_date + $slack::integer)",
            values={"slack": RUN_DATE_SLACK_DAYS},
        ),
        Count(
            "old_run_dates",
            "count(*) filter (where run_date < release_date - $age::integer)",
            "count(*)",
            {"age": RUN_DATE_AGE_DAYS},
        ),
        Count(
            "unknown_bill_type",
            f"count(*) filter (where not coalesce(list_contains($bill_types, {_BILL_TYPE}), false))",
            "count(*)",
            {"bill_types": list(BILL_TYPES)},
        ),
    ),
}

VOCABULARIES: Final[dict[str, dict[str, str]]] = {
    "header": {
        "record_status_indicator": _STATUS,
        "weight_unit": f"case when {_WEIGHED} then coalesce({_UNIT}, '') end",
    },
    "billgen": {"bill_type_code": f"coalesce({_BILL_TYPE}, '')"},
}
"""Measures whose distinct values are judged, and the SQL of a row's value (null where there is none to judge)."""
