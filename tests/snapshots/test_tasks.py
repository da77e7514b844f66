"""What the weekly job starts: the next week, the rest of one that was broken off, a revision, or nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.cli.doctor import results
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.due import closed_week, due
from pipeline.snapshots.freeze import freeze
from pipeline.snapshots.manifest import Manifest, newest_manifest, snapshot_dir
from pipeline.snapshots.publishes import DIGESTED, REPORTED, note_published, note_step
from pipeline.snapshots.tasks import Task, damaged_snapshots, next_task, task_of, why_not_newer
from tests.snapshots.test_calendar import lose
from tests.snapshots.toy import CUT_OFF, WEEK, candidate, connected, days, home, load

NEXT = WEEK.before(-1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home(tmp_path)


def frozen(settings: Settings, week: Week = WEEK) -> Manifest:
    candidate(settings, week)
    wanted = due(settings, closed_week(settings, week))
    assert wanted is not None
    manifest = freeze(settings, wanted)
    assert manifest is not None
    return manifest


def finished(settings: Settings, week: Week = WEEK) -> None:
    """Publish a week to its end."""
    manifest = newest_manifest(settings, week) or frozen(settings, week)
    note_published(settings, manifest)
    with connected(settings) as connection:
        connection.execute("create table if not exists meta_publish (as_of_week varchar, revision integer)")
        connection.execute("insert into meta_publish values (?, ?)", [week.text, manifest.revision])
    note_step(settings, manifest, REPORTED)
    note_step(settings, manifest, DIGESTED)


def load_weeks(settings: Settings, weeks: int) -> None:
    load(settings, days(CUT_OFF + timedelta(days=1), CUT_OFF + timedelta(weeks=weeks)))


def test_without_any_snapshot_the_newest_closed_week_is_published(settings: Settings) -> None:
    load_weeks(settings, 2)
    assert next_task(settings) == Task(WEEK.before(-2), 1, True, "first publication")


def test_nothing_is_started_before_a_week_is_closed_or_when_all_are_published(settings: Settings) -> None:
    finished(settings)
    assert next_task(settings) is None
    lose(settings, CUT_OFF)
    assert next_task(settings) is None


def test_weeks_that_closed_since_are_published_in_order(settings: Settings) -> None:
    finished(settings)
    load_weeks(settings, 2)
    assert next_task(settings) == Task(NEXT, 1, True, "first publication")
    finished(settings, NEXT)
    assert next_task(settings) == Task(WEEK.before(-2), 1, True, "first publication")


def test_a_publication_that_was_broken_off_after_its_freeze_goes_on_without_computing(settings: Settings) -> None:
    frozen(settings)
    rest = Task(WEEK, 1, False, "was frozen, but not published to its end")
    assert next_task(settings) == rest
    finished(settings)
    assert next_task(settings) is None
    with connected(settings) as connection:
        connection.execute("drop table meta_publish")
    assert next_task(settings) == rest, "a warehouse made anew has to read the snapshot"


def test_a_correction_of_the_newest_week_is_published_as_a_revision(settings: Settings) -> None:
    finished(settings)
    load(settings, [WEEK.monday], version="v2")
    assert next_task(settings) == Task(WEEK, 2, True, f"corrected release {WEEK.monday}")


def test_a_revision_that_is_asked_for_is_a_task(settings: Settings) -> None:
    finished(settings)
    state = closed_week(settings, WEEK)
    assert task_of(settings, state) is None
    assert task_of(settings, state, "new rules") == Task(WEEK, 2, True, "asked for: new rules")


def test_a_late_week_is_reported_beside_the_published_one(settings: Settings) -> None:
    assert why_not_newer(settings, WEEK) is None
    load_weeks(settings, 1)
    lose(settings, CUT_OFF + timedelta(days=2))
    assert closed_week(settings, None).week == WEEK
    assert f"{NEXT} cannot be published" in (why_not_newer(settings, WEEK) or "")


def test_doctor_reports_closed_weeks_corrections_and_damage(settings: Settings) -> None:
    def findings() -> list[tuple[str, bool, str]]:
        return [(item.subject, item.ok, item.text) for item in results.weeks(settings)]

    assert findings() == [
        ("weeks", True, f"{WEEK} is the newest closed one; none is published: run `leverage publish`")
    ]
    finished(settings)
    load(settings, [WEEK.monday], version="v2")
    assert findings()[-1] == (
        "week",
        True,
        f"{WEEK}: corrected release {WEEK.monday}; `leverage publish --as-of {WEEK}` makes a revision",
    )
    path = snapshot_dir(settings, WEEK, 1) / "fct_tier.parquet"
    path.unlink()
    assert damaged_snapshots(settings) == [f"{path} is missing"]
    assert findings()[0] == (
        "snapshot",
        False,
        f"{path} is missing. Restore snapshots/ from a backup (docs/operating.md)",
    )
