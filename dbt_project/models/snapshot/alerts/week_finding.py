"""One row per finding of this week and of the weeks evaluated again, from tests and from rules."""

import pyarrow as pa


def model(dbt, session):  # noqa: ARG001
    """FINDING of `pipeline.detection.findings`, types by their schema."""
    from pipeline.detection import findings
    from pipeline.detection.detect import detect

    dbt.config(materialized="table")
    # dbt reads its references where they stand by themselves
    activity = dbt.ref("week_activity")
    likely_same = dbt.ref("week_likely_same")
    silent = dbt.ref("week_silent")
    watched = dbt.ref("week_watched")
    incomplete = dbt.ref("week_incomplete")
    history = dbt.ref("week_history")
    rules = dbt.ref("week_rule_finding")
    week = dbt.ref("asof_week")
    found = detect(
        _arrow(activity.order("supplier_key, consignee_key, week_number")),
        week=week.select("week_number").fetchone()[0],
        watched=[key for (key,) in watched.order("supplier_key").fetchall()],
        likely_same=_arrow(likely_same.order("consignee_key, other_key")),
        silent=_arrow(silent.order("supplier_key, consignee_key")),
        incomplete=[number for (number,) in incomplete.order("week_number").fetchall()],
        first_week=history.select("first_week").fetchone()[0],
    )
    return findings.concat([found, _arrow(rules).select(findings.FINDING.names).cast(findings.FINDING)])


def _arrow(relation):
    made = relation.arrow()
    return made.read_all() if isinstance(made, pa.RecordBatchReader) else made
