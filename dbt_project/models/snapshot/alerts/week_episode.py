"""One row per episode that this week carried on, began, ended or took back; what became of it in `outcome`."""

import pyarrow as pa

KEY = "alert_type, supplier_key, consignee_key, threshold"


def model(dbt, session):  # noqa: ARG001
    """EPISODE of `pipeline.detection.episodes` with `outcome`: open, ended or retracted.

    What is news in this week is open with `notified_week` this week.
    """
    from pipeline.detection.detect import evaluated_weeks
    from pipeline.detection.episodes import EPISODE, step
    from pipeline.detection.findings import FINDING

    dbt.config(materialized="table")
    # dbt reads its references where they stand by themselves
    left_open = dbt.ref("week_open_episode")
    found = dbt.ref("week_finding")
    incomplete = dbt.ref("week_incomplete")
    before = dbt.ref("week_before")
    week = dbt.ref("asof_week").select("week_number").fetchone()[0]
    done = step(
        _arrow(left_open.order(KEY)).select(EPISODE.names).cast(EPISODE),
        _arrow(found.order(f"at_week, {KEY}")).select(FINDING.names).cast(FINDING),
        week,
        evaluated=evaluated_weeks(week, incomplete=[number for (number,) in incomplete.fetchall()]),
        first_published=not before.select("has_episodes").fetchone()[0],
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
