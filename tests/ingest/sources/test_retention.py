"""Landed bytes go when they have served; provenance, and what was never loaded, stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.land import LandedFile, land_release, landed
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.landing.retention import prune_landing
from pipeline.settings import Settings, load_settings
from pipeline.state import release_outcomes as outcomes
from pipeline.state.release_outcomes import Outcome, append_outcomes

from .conftest import DAY, Folder, Web, landed_bytes, leftovers, release, settings_for, table_bytes
from .server import status

LOADED_ON = date(2026, 11, 10)
KEPT_DAYS = 30


class _Clock(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return datetime(LOADED_ON.year, LOADED_ON.month, LOADED_ON.day, 3, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(outcomes, "datetime", _Clock)
    folder.write(release())
    return load_settings(
        _env_file=None,
        home=tmp_path / "home",
        source_url=folder.base.as_uri(),
        min_free_bytes=0,
        landing_retention_days=KEPT_DAYS,
    )


def journal(settings: Settings, files: tuple[LandedFile, ...], outcome: str = "loaded", version: str = "v1") -> None:
    lines = [
        Outcome(DAY, file.table, file.file_name, outcome, 3, 3, 0, file.bytes, file.sha256, file.url, None, version)
        for file in files
    ]
    append_outcomes(settings, lines)


def after(days: int) -> date:
    return LOADED_ON + timedelta(days=days)


def test_loaded_bytes_go_after_their_time_and_provenance_stays(settings: Settings) -> None:
    files = land_release(settings, DAY).files
    journal(settings, files)
    assert prune_landing(settings, after(KEPT_DAYS)) == []
    assert len(landed_bytes(settings)) == len(files) + 1
    assert prune_landing(settings, after(KEPT_DAYS + 1)) == [DAY]
    assert set(landed_bytes(settings)) == {"provenance.json"}
    assert landed(settings, DAY) is None
    assert prune_landing(settings, after(KEPT_DAYS + 2)) == []


def test_superseded_bytes_go_too(settings: Settings, folder: Folder) -> None:
    land_release(settings, DAY)
    folder.write({folder.name("header"): table_bytes("header", mark="b")})
    journal(settings, land_release(settings, DAY).files)
    superseded = settings.landing_dir / DAY.isoformat() / "superseded"
    assert superseded.exists()
    assert prune_landing(settings, after(KEPT_DAYS + 1)) == [DAY]
    assert not superseded.exists()


def test_bytes_never_loaded_stay(settings: Settings, folder: Folder) -> None:
    files = land_release(settings, DAY).files
    journal(settings, files, "failed")
    assert prune_landing(settings, after(999)) == []
    journal(settings, files)
    folder.write({folder.name("header"): table_bytes("header", mark="b")})
    correction = land_release(settings, DAY).files
    journal(settings, correction, "failed", "v2")
    assert prune_landing(settings, after(999)) == []
    assert landed(settings, DAY) is not None
    journal(settings, correction, version="v2")
    assert prune_landing(settings, after(999)) == [DAY]


def test_time_counts_from_the_newest_load(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    files = land_release(settings, DAY).files
    journal(settings, files)
    monkeypatch.setattr(_Clock, "now", classmethod(lambda _cls, _tz=None: datetime(2026, 12, 1, tzinfo=UTC)))
    journal(settings, files)
    assert prune_landing(settings, after(KEPT_DAYS + 1)) == []


def test_without_a_retention_all_stays(settings: Settings) -> None:
    unlimited = settings.model_copy(update={"landing_retention_days": None})
    journal(unlimited, land_release(unlimited, DAY).files)
    assert prune_landing(unlimited, after(9999)) == []
    assert landed(unlimited, DAY) is not None


def test_removal_that_was_cut_short_is_ended_by_the_next(settings: Settings) -> None:
    files = land_release(settings, DAY).files
    journal(settings, files)
    files[0].path.unlink()
    assert prune_landing(settings, after(KEPT_DAYS + 1)) == [DAY]
    assert set(landed_bytes(settings)) == {"provenance.json"}


def test_bytes_of_a_download_that_is_never_ended_go_too(settings: Settings, tmp_path: Path, web: Web) -> None:
    over_http = settings_for(web, tmp_path, landing_retention_days=KEPT_DAYS)
    web.script[web.table("shipper")] = [status(403)]
    land_release(over_http, DAY)
    assert leftovers(over_http)
    added_to = datetime(LOADED_ON.year, LOADED_ON.month, LOADED_ON.day, 5, tzinfo=UTC).timestamp()
    os.utime(over_http.landing_dir / ".partial" / DAY.isoformat(), (added_to, added_to))
    assert prune_landing(over_http, after(KEPT_DAYS)) == []
    assert leftovers(over_http)
    assert prune_landing(over_http, after(KEPT_DAYS + 1)) == []
    assert leftovers(over_http) == []


def test_table_that_a_correction_dropped_does_not_count(settings: Settings, folder: Folder) -> None:
    journal(settings, land_release(settings, DAY).files)
    (folder.release / folder.name("hazmat")).unlink()
    journal(settings, land_release(settings, DAY).files, version="v2")
    assert prune_landing(settings, after(KEPT_DAYS + 1)) == [DAY]


def test_correction_that_lands_meanwhile_stays(
    settings: Settings, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal(settings, land_release(settings, DAY).files)
    folder.write({folder.name("header"): table_bytes("header", mark="b")})
    unpatched = LandingFolder.open

    @contextmanager
    def after_another_run(store: LandingFolder) -> Iterator[None]:
        monkeypatch.setattr(LandingFolder, "open", unpatched)
        assert land_release(settings, DAY).outcome == "landed"
        with unpatched(store):
            yield

    monkeypatch.setattr(LandingFolder, "open", after_another_run)
    assert prune_landing(settings, after(KEPT_DAYS + 1)) == []
    assert landed(settings, DAY) is not None


def test_pruned_release_that_is_fetched_again_is_unchanged(settings: Settings, tmp_path: Path, web: Web) -> None:
    over_http = settings_for(web, tmp_path, landing_retention_days=KEPT_DAYS)
    files = land_release(over_http, DAY).files
    journal(over_http, files)
    assert prune_landing(over_http, after(KEPT_DAYS + 1)) == [DAY]
    web.requests.clear()
    again = land_release(over_http, DAY)
    assert again.outcome == "unchanged"
    assert [file.identity for file in again.files] == [file.identity for file in files]
    assert "if-none-match" not in web.asked_for("header")[0].headers
    assert landed(over_http, DAY) is not None


def test_pruned_release_that_was_corrected_lands(settings: Settings, folder: Folder) -> None:
    journal(settings, land_release(settings, DAY).files)
    prune_landing(settings, after(KEPT_DAYS + 1))
    folder.write({folder.name("header"): table_bytes("header", mark="b")})
    assert land_release(settings, DAY).outcome == "landed"
    assert not (settings.landing_dir / DAY.isoformat() / "superseded").exists()


def test_pruned_release_that_the_source_withdrew_stays(settings: Settings, folder: Folder) -> None:
    files = land_release(settings, DAY).files
    journal(settings, files)
    prune_landing(settings, after(KEPT_DAYS + 1))
    for path in folder.release.iterdir():
        path.unlink()
    landing = land_release(settings, DAY)
    assert (landing.outcome, landing.files) == ("unchanged", files)
