"""Alerts as a recipient reads them: rows, names, evidence and the reader's own position in sentences.

All requests of a call are read together, whoever they are for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from pipeline.alerts.evidence import Evidence, gather, subject_of, windowed
from pipeline.alerts.message import AlertMessage, Severity, Standing
from pipeline.formatting import NumberFormat
from pipeline.plain_text import clean
from pipeline.reporting.alerts import certainty, text
from pipeline.reporting.alerts.headline import Cast, headline
from pipeline.reporting.alerts.picture import picture_of
from pipeline.reporting.alerts.standing import StandingRequest, standings

Row = dict[str, Any]

LONGEST_NAME: Final = 80
"""Letters of a firm's name in a sentence; manifests cut names at 35, but a person may have given a longer one."""


@dataclass(frozen=True)
class AlertRequest:
    """An alert to compose for a recipient.

    Attributes:
        severity: as the reader has it; None as the table has it.
        company: id and name of the reader's company, or None.
        rival: id and name of the company beside it, or None.
        number_format: as `Recipient` has it.
        group_size: alerts that this one stands for; those of its cause in the table may be more.
    """

    alert_id: str
    severity: Severity | None = None
    company: tuple[str, str] | None = None
    rival: tuple[str, str] | None = None
    number_format: str = "1,234.5"
    group_size: int = 1


def compose_alerts(connection: duckdb.DuckDBPyConnection, requests: Sequence[AlertRequest]) -> list[AlertMessage]:
    """The message of each request, in order; an alert that does not exist is left out.

    Args:
        connection: the warehouse; temporary tables are made in it.
        requests: which alerts, for whom.
    """
    rows = read_rows(connection, {request.alert_id for request in requests})
    # a retraction shows what was behind the alert that it takes back
    bases = {key: windowed((row["taken_back"] or row) | _own(row)) for key, row in rows.items()}
    companies = {request.company[0] for request in requests if request.company}
    evidence = gather(connection, list(bases.values()), companies)
    asked = {request: _asked(request, bases[request.alert_id]) for request in requests if request.alert_id in rows}
    places = standings(connection, [item for item in asked.values() if item is not None])
    customers = {key for item in evidence.values() for key in item.shares if key is not None}
    names = read_names(
        connection, customers | {key for base in bases.values() if (key := subject_of(base)) is not None}
    )
    messages = []
    for request in requests:
        if request.alert_id in rows:
            key, question = request.alert_id, asked[request]
            place = places.get(question) if question else None
            messages.append(_message(request, rows[key], bases[key], evidence[key], names, place))
    return messages


def _own(row: Row) -> Row:
    """What a retraction keeps of itself beside another alert's evidence."""
    return {name: row[name] for name in ("alert_id", "as_of_week", "known_by", "supplier_id", "supplier_name")}


def _message(
    request: AlertRequest, row: Row, base: Row, evidence: Evidence, names: dict[str, str], standing: Standing | None
) -> AlertMessage:
    numbers = NumberFormat(request.number_format)
    subject = subject_of(base)
    company_id = request.company[0] if request.company else None
    cast = Cast(
        supplier=row["supplier_name"],
        customer=names.get(subject) if subject else None,
        company=request.company[1] if request.company else None,
        is_own=subject is not None and subject == company_id,
    )
    taken_back = row["taken_back"]
    line = text.numbers_line(taken_back or row, numbers)
    return AlertMessage(
        alert_id=row["alert_id"],
        alert_type=row["alert_type"],
        severity=request.severity or row["severity"],
        certainty=row["certainty"],
        status=row["status"],
        supplier_id=row["supplier_id"],
        supplier_name=row["supplier_name"],
        consignee_id=base["consignee_id"],
        consignee_name=names.get(base["consignee_id"]) if base["consignee_id"] else None,
        as_of_week=row["as_of_week"],
        headline=headline(row, cast, numbers, taken_back),
        numbers=f"reported then: {line}" if taken_back else line,
        meaning=text.meaning(row, cast, standing, numbers),
        question=text.question_of(row, cast),
        instead=text.explanation_of(row),
        standing=standing,
        picture=picture_of(base, evidence, names, company_id),
        bills=evidence.bills,
        bills_in_all=evidence.bills_in_all,
        query=evidence.query,
        cause_group=row["cause_group"],
        group_size=max(request.group_size, row["group_size"] or 1),
        supersedes_alert_id=row["supersedes_alert_id"],
        change=text.change(taken_back or row, numbers),
        sure=certainty.how_sure(row),
        stake=certainty.stake(row, numbers),
    )


def read_rows(connection: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, Row]:
    """The rows of the alerts by id, each with its supplier's name, `known_by` and `taken_back`."""
    cursor = connection.execute(_ALERTS, [sorted(ids)])
    names = [column[0] for column in cursor.description or ()]
    found = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    for row in found.values():
        row["supplier_name"] = _short(row["supplier_name"], row["supplier_id"])
        row["known_by"] = row["known_by"] or date.max
    return {
        key: row | {"taken_back": found.get(row["supersedes_alert_id"] or "")}
        for key, row in found.items()
        if key in ids
    }


def _asked(request: AlertRequest, base: Row) -> StandingRequest | None:
    if request.company is None:
        return None
    return StandingRequest(
        alert_id=request.alert_id,
        supplier_id=base["supplier_id"],
        company_id=request.company[0],
        company_name=request.company[1],
        rival=request.rival,
        as_of_week=base["as_of_week"],
        before_last=base["before_last"],
    )


def read_names(connection: duckdb.DuckDBPyConnection, ids: Collection[str]) -> dict[str, str]:
    """Names of customers, fit for a sentence."""
    rows = connection.execute(
        "select consignee_id, consignee_name from dim_consignee where consignee_id in (select unnest($1::varchar[]))",
        [sorted(ids)],
    ).fetchall()
    return {key: _short(name, key) for key, name in rows}


def _short(name: str | None, otherwise: str) -> str:
    text = clean(name, otherwise)
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}\N{HORIZONTAL ELLIPSIS}"


_ALERTS: Final = """
with wanted as (
    select unnest($1::varchar[]) as alert_id
),

with_taken_back as (
    select alert_id from wanted
    union
    select alert.supersedes_alert_id
    from fct_alert as alert
    inner join wanted using (alert_id)
    where alert.supersedes_alert_id is not null
)

select
    alert.alert_id,
    supplier.supplier_name,
    publication.newest_release_date as known_by,
    alert.* exclude (alert_id)
from fct_alert as alert
inner join with_taken_back using (alert_id)
left join dim_supplier as supplier using (supplier_id)
left join meta_publish as publication using (as_of_week, revision)
"""
