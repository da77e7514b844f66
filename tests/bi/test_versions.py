"""Versions of the BI copy: kept, swept, taken back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.bi import publish as bi
from pipeline.bi import versions as bi_versions
from pipeline.bi.publish import is_behind
from pipeline.bi.versions import BiError, current, is_rolled_back, roll_back, versions
from pipeline.settings import Settings, SettingsError, load_settings
from tests.bi.toy import leftovers, publish, stamp_of_file, stamp_of_parquet, stamp_warehouse, toy_home


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Five publications, the last three kept."""
    monkeypatch.setattr(bi_versions, "GRACE_S", 0.0)
    settings = toy_home(tmp_path / "home", bi_keep=3)
    publish(settings)
    for stamp in range(2, 6):
        stamp_warehouse(settings, stamp)
        publish(settings)
    return settings


def _shown(settings: Settings) -> tuple[int, int]:
    return stamp_of_file(settings.bi_path), stamp_of_parquet(settings.bi_dir / "parquet")


def test_the_last_versions_are_kept_and_the_newest_is_shown(settings: Settings) -> None:
    assert [version.number for version in versions(settings)] == [3, 4, 5]
    assert [stamp_of_file(version.file) for version in versions(settings)] == [3, 4, 5]
    assert _shown(settings) == (5, 5)
    assert leftovers(settings) == []


def test_a_version_that_readers_saw_a_moment_ago_is_kept_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bi_versions, "GRACE_S", 60.0)
    roll_back(settings, 3)
    for version in versions(settings):
        os.utime(version.folder, (0, 0))
    stamp_warehouse(settings, 6)
    publish(settings)
    assert [version.number for version in versions(settings)] == [3, 4, 5, 6]
    for version in versions(settings):
        os.utime(version.folder, (0, 0))
    publish(settings)
    assert [version.number for version in versions(settings)] == [4, 5, 6]


def test_fewer_than_two_are_refused_since_a_reader_of_parquet_may_still_be_in_the_last(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LEVERAGE_BI_KEEP"):
        load_settings(home=tmp_path, bi_keep=1)


def test_a_rollback_shows_the_one_before_and_then_the_one_before_that(settings: Settings) -> None:
    assert roll_back(settings).number == 4
    assert _shown(settings) == (4, 4)
    assert roll_back(settings).number == 3
    assert _shown(settings) == (3, 3)
    assert is_rolled_back(settings)
    with pytest.raises(BiError, match="no older version to go back to; kept are: 3, 4, 5"):
        roll_back(settings)
    assert roll_back(settings, 5).number == 5
    assert _shown(settings) == (5, 5)
    assert not is_rolled_back(settings)
    with pytest.raises(BiError, match="no version 2; kept are: 3, 4, 5"):
        roll_back(settings, 2)


def test_a_rollback_lasts_until_the_next_publication(settings: Settings) -> None:
    roll_back(settings, 3)
    stamp_warehouse(settings, 6)
    publish(settings)
    assert _shown(settings) == (6, 6)
    assert not is_rolled_back(settings)
    assert [version.number for version in versions(settings)] == [4, 5, 6]


def test_a_publication_of_what_was_rolled_back_shows_it_again(settings: Settings) -> None:
    roll_back(settings, 3)
    assert publish(settings).version.number == 5
    assert _shown(settings) == (5, 5)


def test_the_version_that_readers_see_is_never_removed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    roll_back(settings, 3)
    monkeypatch.setattr(bi, "show", lambda *_: None)
    stamp_warehouse(settings, 6)
    publish(settings)
    assert [version.number for version in versions(settings)] == [3, 4, 5, 6]
    assert _shown(settings) == (3, 3)


def test_a_version_that_was_harmed_is_none_and_another_is_made(settings: Settings) -> None:
    (newest,) = [version for version in versions(settings) if version.number == 5]
    newest.file.chmod(0o600)
    newest.file.write_bytes(newest.file.read_bytes()[:100])
    assert [version.number for version in versions(settings)] == [3, 4]
    assert current(settings) is None
    assert publish(settings).version.number == 6
    assert _shown(settings) == (5, 5)


def test_names_that_point_to_two_versions_are_brought_together(settings: Settings) -> None:
    settings.bi_path.unlink()
    assert current(settings) is None
    publish(settings)
    assert _shown(settings) == (5, 5)
    (settings.bi_dir / "parquet").unlink()
    (settings.bi_dir / "parquet").symlink_to("versions/000003/parquet")
    assert current(settings) is None
    publish(settings)
    assert _shown(settings) == (5, 5)


def test_a_folder_in_the_way_is_reported_and_left(settings: Settings) -> None:
    settings.bi_path.unlink()
    settings.bi_path.mkdir()
    stamp_warehouse(settings, 6)
    with pytest.raises(BiError, match="made but not shown"):
        publish(settings)
    settings.bi_path.rmdir()
    publish(settings)
    assert _shown(settings) == (6, 6)


def test_a_home_that_was_copied_with_its_links_followed_goes_on(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.home, tmp_path / "copied")
    copied = settings.model_copy(update={"home": tmp_path / "copied"})
    assert not (copied.bi_dir / "parquet").is_symlink()
    assert publish(copied).changed == ()
    stamp_warehouse(copied, 6)
    publish(copied)
    assert _shown(copied) == (6, 6)
    assert leftovers(copied) == []
    assert _shown(settings) == (5, 5)


def test_a_copy_is_behind_when_it_lacks_releases_of_the_warehouse(settings: Settings) -> None:
    import duckdb

    assert not is_behind(settings), "a warehouse without releases has nothing to publish"
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            "create table int_release_applied as select date '2026-12-02' as release_date, 'v' as raw_version"
        )
    assert is_behind(settings)
    publish(settings)
    assert not is_behind(settings)
    roll_back(settings)
    assert not is_behind(settings), "a rollback is meant"
    publish(settings)
    settings.bi_path.unlink()
    assert is_behind(settings)
    publish(settings)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("create table int_batch_applied as select 1 as batch")
    assert is_behind(settings)
