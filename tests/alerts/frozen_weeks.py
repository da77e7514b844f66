"""Frozen weeks with alerts: only the files that alert states are read from, without the pipeline."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.settings import Settings

ALERT = pa.schema(
    [(name, pa.string()) for name in ("as_of_week", "alert_id", "alert_type", "supersedes_alert_id")],
)
EPISODE = pa.schema([(name, pa.string()) for name in ("as_of_week", "alert_id")])


def freeze_week(
    settings: Settings,
    week: str,
    alerts: Collection[str] = (),
    *,
    running: Collection[str] = (),
    retracts: Mapping[str, str] | None = None,
    revision: int = 1,
) -> None:
    """Freeze a week.

    Args:
        settings: whose home.
        week: such as `2026-W10`.
        alerts: ids of its new alerts.
        running: ids of the episodes that are open after it.
        retracts: id of each retraction, and the alert that it retracts.
        revision: of the week.
    """
    folder = settings.snapshots_dir / week / f"r{revision}"
    folder.mkdir(parents=True)
    rows = [{"as_of_week": week, "alert_id": each, "alert_type": "customer_lost"} for each in alerts]
    rows += [
        {"as_of_week": week, "alert_id": each, "alert_type": "retracted", "supersedes_alert_id": other}
        for each, other in (retracts or {}).items()
    ]
    pq.write_table(pa.Table.from_pylist(rows, ALERT), folder / "fct_alert.parquet")
    episodes = [{"as_of_week": week, "alert_id": each} for each in running]
    pq.write_table(pa.Table.from_pylist(episodes, EPISODE), folder / "alert_episode.parquet")
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
