"""One row per finding of this week and of the weeks evaluated again, from tests and from rules."""

KEY = "alert_type, supplier_key, consignee_key, threshold"


def model(dbt, session):  # noqa: ARG001
    """FINDING of `pipeline.detection.findings`."""
    from pipeline.detection import findings
    from pipeline.detection.detect import detect
    from pipeline.detection.episodes import EPISODE

    dbt.config(materialized="table")
    # dbt finds references only where each stands by itself
    activity = dbt.ref("week_activity")
    likely_same = dbt.ref("week_likely_same")
    silent = dbt.ref("week_silent")
    watched = dbt.source("weekly", "watched")
    suppliers = dbt.ref("week_supplier_entity")
    incomplete = dbt.source("weekly", "incomplete_weeks")
    past = dbt.ref("week_past")
    open_episodes = dbt.ref("week_open_episode")
    alternatives = dbt.ref("week_alternatives_gone")
    slack = dbt.ref("week_slack_opened")
    scopes = dbt.ref("week_scope")
    week = dbt.ref("asof_week").select("week_number").fetchone()[0]
    missing = dict(incomplete.select("week_number, missing_part").fetchall())
    found = detect(
        activity.order("supplier_key, consignee_key, week_number").to_arrow_table(),
        week=week,
        watched={key for (key,) in watched.join(suppliers, "supplier_id").select("supplier_key").fetchall()},
        likely_same=likely_same.order("consignee_key, other_key").to_arrow_table(),
        silent=silent.order("supplier_key, consignee_key").to_arrow_table(),
        incomplete=missing,
        first_week=past.select("first_week").fetchone()[0],
        open_=open_episodes.order(KEY).to_arrow_table().select(EPISODE.names).cast(EPISODE),
    )
    rules = [rule.to_arrow_table() for rule in (alternatives, slack)]
    every = findings.concat([found, findings.of_rules(rules, week, missing)])
    if scopes.filter("side = 'all'").fetchone():
        return every
    covered = scopes.filter("side = 'supplier'").select("firm_key").fetchall()
    return findings.of_suppliers(every, [key for (key,) in covered])
