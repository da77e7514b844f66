"""One row per episode that this week carried on, began, ended or took back; what became of it in `outcome`.

Belongs here: handing the episodes of the week before and the findings of this one to `pipeline.alerts.episodes.step`.
Does not belong here: when a finding is news (there), ids (`week_named_episode`).
"""

import pyarrow as pa

KEY = "alert_type, supplier_key, consignee_key, threshold"


def model(dbt, session):  # noqa: ARG001
    """EPISODE of `pipeline.alerts.episodes` with `outcome`: open, ended or retracted.

    What is news in this week is open with `notified_week` this week.
    """
    from pipeline.alerts.detect import looked
    from pipeline.alerts.episodes import EPISODE, step
    from pipeline.alerts.findings import FINDING

    dbt.config(materialized="table")
    week = dbt.ref("asof_week").select("week_number").fetchone()[0]
    before = dbt.ref("week_before").select("week_number").fetchone()[0]
    incomplete = [number for (number,) in dbt.ref("week_incomplete").fetchall()]
    done = step(
        _arrow(dbt.ref("week_open_episode").order(KEY)).select(EPISODE.names).cast(EPISODE),
        _arrow(dbt.ref("week_finding").order(f"at_week, {KEY}")).select(FINDING.names).cast(FINDING),
        week,
        looked=looked(week, incomplete=incomplete),
        first_published=before is None,
    )
    outcomes = {"open": done.open, "ended": done.ended, "retracted": done.retracted}
    return pa.concat_tables(
        [
            episodes.append_column("outcome", pa.array([outcome] * episodes.num_rows, pa.string()))
            for outcome, episodes in outcomes.items()
        ]
    )


def _arrow(relation):
    made = relation.arrow()
    return made.read_all() if isinstance(made, pa.RecordBatchReader) else made
