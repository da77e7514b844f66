"""One row per episode that this week carried on, began, ended or took back; which of them, in `outcome`."""

KEY = "alert_type, supplier_key, consignee_key, threshold"


def model(dbt, session):  # noqa: ARG001
    """EPISODE of `pipeline.detection.episodes` with `outcome`: open, ended or retracted.

    What becomes an alert in this week is open with `notified_week` this week.
    """
    import pyarrow as pa

    from pipeline.detection.detect import evaluated_weeks
    from pipeline.detection.episodes import EPISODE, LONGEST_GAP, step
    from pipeline.detection.findings import FINDING

    dbt.config(materialized="table")
    # dbt finds references only where each stands by itself
    left_open = dbt.ref("week_open_episode")
    found = dbt.ref("week_finding")
    incomplete = dbt.source("weekly", "incomplete_weeks")
    past = dbt.ref("week_past")
    week = dbt.ref("asof_week").select("week_number").fetchone()[0]
    has_episodes, last_week = past.select("has_episodes, week_number").fetchone()
    done = step(
        left_open.order(KEY).to_arrow_table().select(EPISODE.names).cast(EPISODE),
        found.filter("holds").order(f"at_week, {KEY}").to_arrow_table().select(FINDING.names).cast(FINDING),
        week,
        evaluated=evaluated_weeks(week, incomplete=dict(incomplete.select("week_number, missing_part").fetchall())),
        first_published=not has_episodes,
        rebased=has_episodes and week - last_week > LONGEST_GAP,
    )
    outcomes = {"open": done.open, "ended": done.ended, "retracted": done.retracted}
    return pa.concat_tables(
        [
            episodes.append_column("outcome", pa.array([outcome] * episodes.num_rows, pa.string()))
            for outcome, episodes in outcomes.items()
        ]
    )
