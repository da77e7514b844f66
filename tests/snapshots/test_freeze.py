"""A frozen week: the same bytes for the same rows, whole or not at all, never changed, revised only for a reason."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.settings import Settings
from pipeline.snapshots import freeze as snapshot
from pipeline.snapshots.due import closed_week, due, outdated
from pipeline.snapshots.freeze import TABLES, freeze
from pipeline.snapshots.manifest import (
    MANIFEST_NAME,
    Manifest,
    SnapshotError,
    damage,
    frozen_weeks,
    newest_manifest,
    read_manifest,
    revisions,
    snapshot_dir,
)
from pipeline.snapshots.publishes import note_published, steps_done
from tests.snapshots.toy import CUT_OFF, FIRST, WEEK, candidate, connected, home, load, record

MANY = [{"consignee_id": f"con_{n:03}", "share_of_supplier": 1 / (n + 3)} for n in range(400)]
HOLE = WEEK.monday


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = home(tmp_path / "home")
    candidate(made)
    return made


def publish(settings: Settings, revise: str | None = None) -> Manifest | None:
    """Freeze what is due of the week."""
    wanted = due(settings, closed_week(settings, WEEK), revise)
    return freeze(settings, wanted) if wanted else None


def content(settings: Settings, revision: int = 1) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in snapshot_dir(settings, WEEK, revision).iterdir()}


def test_the_same_rows_in_any_order_and_home_give_the_same_bytes(tmp_path: Path) -> None:
    frozen = []
    for name, seed in (("one", 1), ("other", 2)):
        settings = home(tmp_path / name)
        settings = settings.model_copy(update={"threads": seed})
        rows = list(MANY)
        random.Random(seed).shuffle(rows)
        candidate(settings, fct_tier=rows, fct_leverage_snapshot=rows)
        assert publish(settings)
        frozen.append(content(settings))
    assert frozen[0] == frozen[1]
    assert set(frozen[0]) == {MANIFEST_NAME, *(f"{table}.parquet" for table in TABLES)}


def test_the_last_bits_of_a_sum_and_the_sign_of_zero_are_not_frozen(tmp_path: Path) -> None:
    frozen = []
    for name, figure, zero in (("one", 0.1 + 0.2, 0.0), ("other", 0.3, -0.0)):
        settings = home(tmp_path / name)
        candidate(
            settings,
            fct_leverage_snapshot=[{"share_of_supplier": figure, "contribution_customer_substitutability": zero}],
        )
        publish(settings)
        frozen.append(content(settings))
    assert frozen[0] == frozen[1]


def test_a_manifest_has_inputs_versions_rows_and_hashes_and_no_timestamp(settings: Settings) -> None:
    manifest = publish(settings)
    assert manifest is not None
    assert read_manifest(settings, WEEK, 1) == manifest
    written = json.loads((snapshot_dir(settings, WEEK, 1) / MANIFEST_NAME).read_text())
    assert written["as_of_week"] == "2026-W10"
    assert written["cut_off"] == "2026-03-22"
    assert written["reason"] == "first publication"
    assert written["versions"]["er_version"] == "m1-000001"
    assert written["versions"]["ruleset_version"] == "1.0"
    assert min(written["inputs"]["releases"]) == str(FIRST)
    assert max(written["inputs"]["releases"]) == str(CUT_OFF)
    assert written["tables"]["fct_tier"]["rows"] == 1
    assert not [key for key in json.dumps(written).split('"') if key.endswith("_at")]


def test_the_frozen_rows_are_the_candidates(settings: Settings) -> None:
    candidate(settings, fct_tier=MANY)
    publish(settings)
    path = snapshot_dir(settings, WEEK, 1) / "fct_tier.parquet"
    rows = duckdb.sql(f"select consignee_id, share_of_supplier from '{path}'").fetchall()
    assert rows == [(row["consignee_id"], round(row["share_of_supplier"], 12)) for row in MANY]


def test_a_second_run_is_not_due_and_nothing_is_written(settings: Settings) -> None:
    publish(settings)
    before = {path: path.stat().st_mtime_ns for path in settings.home.rglob("*") if "warehouse" not in path.name}
    with connected(settings) as connection:
        connection.execute("drop table snap_tier")  # a run that computed would need it
    assert publish(settings) is None
    after = {path: path.stat().st_mtime_ns for path in settings.home.rglob("*") if "warehouse" not in path.name}
    assert after == before


def test_later_releases_leave_the_week_as_it_was_published(settings: Settings) -> None:
    publish(settings)
    load(settings, [CUT_OFF + timedelta(days=1), CUT_OFF + timedelta(days=2)])
    assert publish(settings) is None


def test_corrected_bytes_inside_the_cut_off_make_a_revision_that_names_the_day(settings: Settings) -> None:
    publish(settings)
    first = content(settings)
    load(settings, [HOLE], version="v2")
    assert outdated(settings, frozen_weeks(settings)) == {WEEK: f"corrected release {HOLE}"}
    candidate(settings, fct_tier=[{"share_of_supplier": 0.2}])
    manifest = publish(settings)
    assert manifest is not None
    assert (manifest.revision, manifest.reason) == (2, f"corrected release {HOLE}")
    assert content(settings, 1) == first
    assert newest_manifest(settings, WEEK) == manifest
    assert publish(settings) is None
    assert outdated(settings, frozen_weeks(settings)) == {}


def test_a_correction_that_changes_no_figure_says_so(settings: Settings) -> None:
    publish(settings)
    load(settings, [HOLE], version="v2")
    manifest = publish(settings)
    assert manifest is not None
    assert manifest.reason == f"corrected release {HOLE}; no figure changed"


def test_only_a_later_file_that_changes_records_makes_a_revision(
    settings: Settings,
) -> None:
    publish(settings)
    with connected(settings) as connection:
        record(connection, HOLE, CUT_OFF + timedelta(days=1))
    state = closed_week(settings, WEEK)
    assert due(settings, state), "whether figures moved is known only once they are computed"
    assert publish(settings) is None
    assert due(settings, state) is None, "the same inputs are not computed a second time"
    assert revisions(settings, WEEK) == [1]
    with connected(settings) as connection:
        record(connection, HOLE, CUT_OFF + timedelta(days=2), weight_kg=7)
    candidate(settings, fct_tier=[{"share_of_supplier": 0.2}])
    manifest = publish(settings)
    assert manifest is not None
    assert manifest.reason == f"records changed by a later file, of run date {HOLE}"


def test_moved_versions_alone_change_nothing_unless_somebody_asks(settings: Settings) -> None:
    publish(settings)
    candidate(settings, fct_leverage_snapshot=[{"ruleset_version": "2.0"}])
    with connected(settings) as connection:
        connection.execute("update week_rule set ruleset_version = '2.0'")
    assert publish(settings) is None
    manifest = publish(settings, revise="new cut points")
    assert manifest is not None
    assert (manifest.revision, manifest.versions.ruleset_version) == (2, "2.0")
    assert manifest.reason == "asked for: new cut points"
    assert publish(settings, revise="again") is None, "the same inputs, versions and figures are no revision"


def test_a_release_that_arrives_after_its_waiver_is_the_reason_of_a_revision(settings: Settings) -> None:
    from pipeline.state.waivers import waive
    from tests.snapshots.test_calendar import lose

    lose(settings, HOLE)
    waive(settings, HOLE, "never comes")
    manifest = publish(settings)
    assert manifest is not None
    assert manifest.inputs.waived == {HOLE: "waived by people: never comes"}
    load(settings, [HOLE])
    revised = publish(settings)
    assert revised is not None
    assert revised.reason == f"release that came after it had been waived {HOLE}; no figure changed"


def test_a_candidate_of_another_week_or_none_is_refused_and_leaves_nothing(settings: Settings) -> None:
    candidate(settings, WEEK.before(1))
    with pytest.raises(SnapshotError, match="computed as of 2026-03-15, not 2026-03-22"):
        publish(settings)
    with connected(settings) as connection:
        connection.execute("update asof_week set cut_off = ?", [CUT_OFF])
    with pytest.raises(SnapshotError, match="holds 1 rows of another week than 2026-W10"):
        publish(settings)
    with connected(settings) as connection:
        connection.execute("drop table snap_tier")
    with pytest.raises(SnapshotError, match="snap_tier is not in the warehouse"):
        publish(settings)
    assert frozen_weeks(settings) == []


def test_a_freeze_killed_before_its_rename_leaves_no_snapshot_and_the_next_one_is_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(settings)
    assert frozen_weeks(settings) == []
    assert list(settings.snapshots_dir.glob("*/r*/*.parquet")) == [], "what readers glob for shows nothing half"
    assert publish(settings)
    assert [path.name for path in (settings.snapshots_dir / WEEK.text).iterdir()] == ["r1"]


def test_frozen_files_are_read_only_and_an_existing_revision_is_never_written_over(settings: Settings) -> None:
    wanted = due(settings, closed_week(settings, WEEK))
    assert wanted is not None
    freeze(settings, wanted)
    assert {path.stat().st_mode & 0o777 for path in snapshot_dir(settings, WEEK, 1).iterdir()} == {snapshot.READ_ONLY}
    with pytest.raises(SnapshotError, match="never changed"):
        freeze(settings, wanted)


def test_a_changed_frozen_file_stops_a_publish_with_a_message(settings: Settings) -> None:
    manifest = publish(settings)
    assert manifest is not None
    assert damage(settings, manifest) == []
    path = snapshot_dir(settings, WEEK, 1) / "fct_tier.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(SnapshotError, match=r"fct_tier\.parquet is not as it was frozen.*Restore it"):
        publish(settings)
    path.unlink()
    assert damage(settings, manifest) == [f"{path} is missing"]


def test_a_snapshot_names_the_one_whose_tiers_it_goes_on_from(settings: Settings) -> None:
    first = publish(settings)
    assert first is not None
    assert first.previous is None
    later = WEEK.before(-1)
    load(settings, [CUT_OFF + timedelta(days=n) for n in range(1, 8)])
    candidate(settings, later)
    wanted = due(settings, closed_week(settings, later))
    assert wanted is not None
    manifest = freeze(settings, wanted)
    assert manifest is not None
    assert manifest.previous == "2026-W10/r1"


def test_the_moment_of_publishing_is_written_down_once_and_beside_the_snapshot(settings: Settings) -> None:
    manifest = publish(settings)
    assert manifest is not None
    assert steps_done(settings, manifest) == set()
    note_published(settings, manifest)
    note_published(settings, manifest)
    assert steps_done(settings, manifest) == {"published"}
    (line,) = settings.publishes_path.read_text().splitlines()
    written = json.loads(line)
    assert (written["as_of_week"], written["revision"], written["newest_release_date"]) == ("2026-W10", 1, "2026-03-22")
    assert written["closed_through_date"] == "2026-03-08"
