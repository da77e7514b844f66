"""One row per finding of this week and of the weeks that are looked at anew: what the tests found and what rules found.

Belongs here: handing tables to detection and its findings back. Does not belong here: how anything is found
(`pipeline.alerts.detect`), rules on frozen rows (`week_rule_finding`).
"""

import pyarrow as pa


def model(dbt, session):  # noqa: ARG001
    """FINDING of `pipeline.alerts.findings`, types by their schema."""
    from pipeline.alerts import findings
    from pipeline.alerts.detect import detect

    dbt.config(materialized="table")
    week = dbt.ref("asof_week").select("week_number").fetchone()[0]
    first_week = dbt.ref("week_history").select("first_week").fetchone()[0]
    found = detect(
        _arrow(dbt.ref("week_activity").order("supplier_key, consignee_key, week_number")),
        week=week,
        watched=[key for (key,) in dbt.ref("week_watched").order("supplier_key").fetchall()],
        likely_same=_arrow(dbt.ref("week_likely_same").order("consignee_key, other_key")),
        incomplete=[number for (number,) in dbt.ref("week_incomplete").order("week_number").fetchall()],
        first_week=first_week,
    )
    rules = _arrow(dbt.ref("week_rule_finding")).select(findings.FINDING.names).cast(findings.FINDING)
    return findings.concat([found, rules])


def _arrow(relation):
    made = relation.arrow()
    return made.read_all() if isinstance(made, pa.RecordBatchReader) else made
