"""Landing from a folder: whole sets only, unchanged bytes, corrected releases."""

from __future__ import annotations

import hashlib
import json
import stat
import threading
from pathlib import Path

import pytest

from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.land import land_release, landed
from pipeline.settings import Settings, load_settings
from pipeline.state.files import write_all

from .conftest import DAY, Folder, landed_bytes, leftovers, manifest, packed, release, table_bytes


def test_release_lands_unchanged_with_its_provenance(settings: Settings, folder: Folder) -> None:
    files = release()
    folder.write(files)
    landing = land_release(settings, DAY)
    assert (landing.outcome, landing.reason) == ("landed", None)
    assert [file.table for file in landing.files] == list(TABLES)
    there = landed_bytes(settings)
    provenance = json.loads(there.pop("provenance.json"))
    assert there == files
    assert len(provenance["files"]) == len(files)
    entry = provenance["files"][0]
    content = files[entry["file_name"]]
    assert entry["table"] == "header"
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["bytes"] == len(content)
    assert entry["url"] == (folder.release / entry["file_name"]).as_uri()
    assert set(entry) >= {"fetched_at", "etag", "last_modified", "rows_declared"}
    assert all(file.path.read_bytes() == files[file.file_name] for file in landing.files)


def test_landing_folder_is_private(settings: Settings, folder: Folder) -> None:
    settings.landing_dir.mkdir(parents=True)
    settings.landing_dir.chmod(0o755)
    folder.write(release())
    land_release(settings, DAY)
    folder.write({folder.name("header"): table_bytes("header", mark="b")})
    land_release(settings, DAY)
    for path in [settings.landing_dir, *settings.landing_dir.rglob("*")]:
        if path.suffix != ".lock":
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_same_bytes_again_are_unchanged(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    first = land_release(settings, DAY)
    before = landed_bytes(settings)
    second = land_release(settings, DAY)
    assert second.outcome == "unchanged"
    assert second.files == first.files
    assert landed_bytes(settings) == before
    assert landed(settings, DAY) == first


def test_changed_bytes_land_and_the_old_ones_are_superseded(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    land_release(settings, DAY)
    old, new = table_bytes("header"), table_bytes("header", mark="b")
    folder.write({folder.name("header"): new})
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert landing.files[0].path.read_bytes() == new
    superseded = list((settings.landing_dir / DAY.isoformat() / "superseded").iterdir())
    assert [path.name for path in superseded] == [f"{hashlib.sha256(old).hexdigest()[:12]}-{folder.name('header')}"]
    assert superseded[0].read_bytes() == old
    assert landed(settings, DAY) == landing


def test_optional_table_that_is_gone_is_superseded_too(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    land_release(settings, DAY)
    (folder.release / folder.name("hazmat")).unlink()
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert "hazmat" not in [file.table for file in landing.files]
    assert folder.name("hazmat") not in landed_bytes(settings)
    superseded = settings.landing_dir / DAY.isoformat() / "superseded"
    assert [path.name.split("-", 1)[1] for path in superseded.iterdir()] == [folder.name("hazmat")]


def test_empty_source_is_not_published(settings: Settings, folder: Folder) -> None:
    folder.write(release(("tariff", "hazmat")))
    landing = land_release(settings, DAY)
    assert (landing.outcome, landing.files) == ("not_published", ())
    assert landing.reason
    assert "header, billgen, shipper, consignee" in landing.reason
    assert not (settings.landing_dir / DAY.isoformat()).exists()
    assert landed(settings, DAY) is None


def test_missing_required_table_is_incomplete_and_names_it(settings: Settings, folder: Folder) -> None:
    folder.write(release(tuple(set(TABLES) - {"shipper", "consignee"})))
    landing = land_release(settings, DAY)
    assert (landing.outcome, landing.files) == ("incomplete", ())
    assert landing.reason
    assert "shipper, consignee" in landing.reason
    assert "header" not in landing.reason.split(" missing ")[0]
    assert landed(settings, DAY) is None
    folder.write(release(("shipper", "consignee")))
    assert land_release(settings, DAY).outcome == "landed"
    assert leftovers(settings) == []


def test_release_that_becomes_incomplete_leaves_the_landed_one(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    first = land_release(settings, DAY)
    (folder.release / folder.name("shipper")).unlink()
    assert land_release(settings, DAY).outcome == "incomplete"
    assert landed(settings, DAY) == first


def test_release_withdrawn_by_the_source_keeps_its_bytes(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    first = land_release(settings, DAY)
    for path in folder.release.iterdir():
        path.unlink()
    landing = land_release(settings, DAY)
    assert (landing.outcome, landing.files) == ("unchanged", first.files)
    assert landing.reason
    assert "no longer has the release" in landing.reason


def test_optional_tables_may_be_absent(settings: Settings, folder: Folder) -> None:
    folder.write(release(REQUIRED))
    landing = land_release(settings, DAY)
    assert (landing.outcome, [file.table for file in landing.files]) == ("landed", list(REQUIRED))


def test_source_folder_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "home", source_url=(tmp_path / "share").as_uri())
    landing = land_release(settings, DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "is not there: mount it" in landing.reason


def test_link_out_of_the_base_is_refused(settings: Settings, folder: Folder, tmp_path: Path) -> None:
    folder.write(release())
    secret = tmp_path / "secret.csv.gz"
    secret.write_bytes(packed("secret"))
    target = folder.release / folder.name("header")
    target.unlink()
    target.symlink_to(secret)
    landing = land_release(settings, DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "leads outside" in landing.reason
    assert not (settings.landing_dir / DAY.isoformat()).exists()


def test_link_within_the_base_is_followed(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    (folder.base / "store.gz").write_bytes(packed("linked"))
    target = folder.release / folder.name("header")
    target.unlink()
    target.symlink_to(folder.base / "store.gz")
    assert land_release(settings, DAY).files[0].path.read_bytes() == packed("linked")


def test_folder_in_place_of_a_file_is_refused(settings: Settings, folder: Folder) -> None:
    folder.write(release(("billgen", "shipper", "consignee")))
    (folder.release / folder.name("header")).mkdir()
    landing = land_release(settings, DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "not a regular file" in landing.reason


def test_manifest_is_verified_and_its_row_counts_are_recorded(settings: Settings, folder: Folder) -> None:
    files = release()
    folder.write({**files, "manifest.json": manifest(files)})
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert {file.rows_declared for file in landing.files} == {3}


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"bytes": 1}])
def test_file_that_differs_from_its_manifest_is_refused(
    settings: Settings, folder: Folder, wrong: dict[str, object]
) -> None:
    files = release()
    folder.write({**files, "manifest.json": manifest(files, **wrong)})
    landing = land_release(settings, DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "its manifest says" in landing.reason
    assert landed(settings, DAY) is None


def test_two_runs_at_once_land_it_once(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    both = threading.Barrier(2)
    found: list[str] = []

    def run() -> None:
        both.wait()
        found.append(land_release(settings, DAY).outcome)

    runs = [threading.Thread(target=run) for _ in range(2)]
    for thread in runs:
        thread.start()
    for thread in runs:
        thread.join()
    assert sorted(found) == ["landed", "unchanged"]
    assert {name: content for name, content in landed_bytes(settings).items() if name != "provenance.json"} == release()


def test_landed_bytes_that_were_lost_are_fetched_again(settings: Settings, folder: Folder) -> None:
    files = release()
    folder.write(files)
    first = land_release(settings, DAY)
    first.files[2].path.write_bytes(b"")
    assert landed(settings, DAY) is None
    again = land_release(settings, DAY)
    assert again.outcome == "unchanged"
    assert landed(settings, DAY) is not None
    assert again.files[2].path.read_bytes() == files[first.files[2].file_name]
    assert not (settings.landing_dir / DAY.isoformat() / "superseded").exists()


def test_file_that_is_too_large_is_refused_before_it_is_read(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    limited = settings.model_copy(update={"max_file_bytes": 50})
    landing = land_release(limited, DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "more than 50 bytes: refused" in landing.reason
    assert leftovers(settings) == []


def test_file_that_changes_while_it_is_read_is_not_landed(
    settings: Settings, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(release())

    def grow(descriptor: int, data: bytes) -> None:
        write_all(descriptor, data)
        with (folder.release / folder.name("header")).open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr("pipeline.ingest.sources.part.write_all", grow)
    landing = land_release(settings.model_copy(update={"retries": 0}), DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "changed while it was read" in landing.reason
    assert landed(settings, DAY) is None


def test_unchanged_file_must_still_be_what_a_new_manifest_says(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    first = land_release(settings, DAY)
    folder.write({"manifest.json": manifest(release(), sha256="0" * 64)})
    assert land_release(settings, DAY).outcome == "failed"
    assert landed(settings, DAY) == first


def test_damaged_bytes_are_not_kept_as_an_older_release(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    land_release(settings, DAY).files[0].path.write_bytes(b"cut")
    folder.write({folder.name("header"): table_bytes("header", mark="b")})
    assert land_release(settings, DAY).outcome == "landed"
    assert not (settings.landing_dir / DAY.isoformat() / "superseded").exists()
