"""Good releases: the typed rows, many days at once, staging again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.ingest import stage
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.landing.files import LandedFile, Landing
from pipeline.ingest.load import Reader
from pipeline.ingest.paths import staged_files, staged_folder, staged_quarantine_files
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.stage import stage_releases
from pipeline.ingest.staged import read_load
from pipeline.settings import Settings, load_settings

from .conftest import DAY, Land, bad_file, conserved, good_tables, land_file, staged

REAL = Path(__file__).parents[3] / "shared" / "data" / "ams_sample"


def row(settings: Settings, table: str, identifier: int) -> Mapping[str, object]:
    return next(row for row in staged(settings, table) if row["identifier"] == identifier)


def test_every_row_of_a_good_release_is_loaded(settings: Settings, land: Land) -> None:
    landing = land()
    release = stage_releases(settings, [landing])[0]

    assert release.fault is None
    assert {file.table: file.rows_loaded for file in release.files} == {
        "billgen": 5,
        "cargodesc": 5,
        "consignee": 4,
        "container": 4,
        "hazmat": 1,
        "hazmatclass": 2,
        "header": 5,
        "marksnumbers": 3,
        "notifyparty": 3,
        "shipper": 4,
        "tariff": 3,
    }
    assert staged_quarantine_files(settings, DAY) == []
    assert read_load(staged_folder(settings, DAY)) == release
    assert release.raw_version == raw_version(landing.files)
    conserved(release, settings)


def test_values_are_typed_trimmed_and_null_where_empty(settings: Settings, land: Land) -> None:
    stage_releases(settings, [land()])

    header = row(settings, "header", 202611022)
    assert header["actual_arrival_date"] == date(2026, 10, 30)
    assert header["weight"] == Decimal("1981.500")
    assert header["foreign_port_of_lading"] == "Shanghai ,China (Mainland)"
    assert header["in_bond_entry_type"] is None
    assert row(settings, "header", 202611023)["weight"] is None
    billgen = row(settings, "billgen", 202611023)
    assert (billgen["run_date"], billgen["trade_update_date"]) == (DAY, date(2026, 11, 1))
    assert (billgen["manifest_number"], billgen["house_bol_number"]) == ("398798.0", None)
    assert row(settings, "shipper", 202611022)["shipper_party_name"] is None, "a blank name is a withheld one"
    assert row(settings, "consignee", 2026110217)["consignee_name"] == '"QUOTED" GOODS LLC'
    assert row(settings, "container", 202611021)["container_height"] == 906
    assert row(settings, "tariff", 202611020)["harmonized_number"] == "8451.0"


def test_personal_data_stops_before_staged_rows(settings: Settings, land: Land) -> None:
    stage_releases(settings, [land()])

    consignee = row(settings, "consignee", 202611022)
    assert consignee["consignee_address_1"] == "[phone] FAX: [phone]"
    assert consignee["consignee_address_3"] == "MRN:[tax id], SSN:XXXXXXXXX"
    assert (consignee["city"], consignee["zip_code"]) == ("[phone] TEL", "[phone]")
    assert row(settings, "shipper", 2026110217)["shipper_party_address_1"] == "NIF [tax id]"
    assert row(settings, "notifyparty", 202611022)["notify_party_address_4"] == "[email]"
    texts = {row["description_text"] for row in staged(settings, "cargodesc")}
    assert {"CERAMIC TILES HS CODE 68109900", "PO# 8120476361 CONTACT TEL: [phone]"} <= texts
    everything = str([staged(settings, table) for table in TABLES])
    assert "PAT SAMPLE" not in everything
    assert "5105550100" not in everything


def test_many_days_are_staged_at_once_each_in_its_folder(
    settings: Settings, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "CHUNK_DAYS", 4)
    monkeypatch.setattr(stage, "BATCH_FILES", 2)
    days = [DAY + timedelta(days=n) for n in range(7)]
    one_row = b"identifier,container_number,hazmat_sequence_number,hazmat_classification\n%s,NC,1,%d\n"
    landings = [
        land({"hazmatclass": one_row % (f"{day:%Y%m%d}7".encode(), n), "marksnumbers": None}, day=day)
        for n, day in enumerate(days)
    ]
    progress: list[date] = []

    releases = stage_releases(settings, landings, progress=progress.append)

    assert [release.release_date for release in releases] == days == progress
    for n, day in enumerate(days):
        assert [row["hazmat_classification"] for row in staged(settings, "hazmatclass", day)] == [str(n)]
        assert staged(settings, "marksnumbers", day) == []
        assert len(staged(settings, "header", day)) == 5
    assert not (settings.staged_dir / stage.SCRATCH_NAME).exists()


def test_staging_again_replaces_the_release_whole(settings: Settings, land: Land) -> None:
    stage_releases(settings, [land()])
    (staged_folder(settings, DAY) / "verdict.json").write_text("{}")
    fewer = good_tables()["header"].splitlines(keepends=True)[:3]

    release = stage_releases(settings, [land({"header": b"".join(fewer), "hazmat": None})])[0]

    assert len(staged(settings, "header")) == 2
    assert staged_files(settings, DAY, "hazmat") == []
    assert "hazmat" not in {file.table for file in release.files}
    assert not (staged_folder(settings, DAY) / "verdict.json").exists(), "a verdict on other rows must not stand"


def test_same_bytes_give_the_same_parquet(settings: Settings, land: Land) -> None:
    def parquet() -> dict[str, bytes]:
        return {
            str(path.relative_to(settings.staged_dir)): path.read_bytes()
            for path in sorted(settings.staged_dir.rglob("*.parquet"))
        }

    stage_releases(settings, [land()])
    first = parquet()
    stage_releases(settings, [land()])
    assert parquet() == first
    assert len(first) == len(TABLES)


def test_rows_that_the_manifest_promises_are_compared(settings: Settings, land: Land) -> None:
    release = stage_releases(settings, [land(header=7, billgen=5)])[0]
    notes = {file.table: file.notes for file in release.files}
    declared = {file.table: file.rows_declared for file in release.files}
    assert notes["header"] == ("the manifest declares 7 rows, the file has 5",)
    assert notes["billgen"] == ()
    assert (declared["header"], declared["billgen"], declared["shipper"]) == (7, 5, None)


def test_line_of_ten_megabytes_is_quarantined_and_cut(settings: Settings, land: Land) -> None:
    lines = good_tables()["cargodesc"].splitlines(keepends=True)
    lines.insert(2, b"202611025,NC,1,1.0," + b"VERY LONG TEXT " * 700_000 + b"\n")
    release = stage_releases(settings, [land({"cargodesc": b"".join(lines)})])[0]

    (bad,) = staged(settings, "quarantine")
    assert (bad["line"], bad["reason"], bad["byte_offset"]) == (3, "row_too_long", len(lines[0] + lines[1]))
    assert "cut after 65,536 of 10,500,019 characters" in bad["detail"]
    assert len(bad["raw_text"]) == 65_536
    assert len(staged(settings, "cargodesc")) == 5
    conserved(release, settings)


def test_offset_of_a_bad_row_leads_to_its_bytes(settings: Settings, land: Land) -> None:
    lines = good_tables()["cargodesc"].replace(b"\n", b"\r\n").splitlines(keepends=True)
    data = b"".join([b"\xef\xbb\xbf", *lines[:3], b"\r\n", b"x,y\r\n", *lines[3:]])
    for packed in (False, True):
        stage_releases(settings, [land({"cargodesc": data}, packed=packed)])
        (bad,) = staged(settings, "quarantine")
        assert data[bad["byte_offset"] :].startswith(b"x,y\r\n")
        assert data.splitlines()[bad["line"] - 1] == b"x,y"


def test_empty_list_is_no_work(settings: Settings) -> None:
    assert stage_releases(settings, []) == []
    assert not (settings.staged_dir / stage.SCRATCH_NAME).exists()


@pytest.mark.skipif(not REAL.exists(), reason="the real sample is not beside this checkout")
def test_nothing_is_lost_of_the_real_ten_rows(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "real"
    folder.mkdir()
    files = tuple(land_file(folder, table, next(REAL.glob(f"ams__{table}_*.csv")).read_bytes()) for table in TABLES)
    day = date(2020, 1, 20)
    release = stage_releases(settings, [Landing(day, "landed", files, None)])[0]

    assert release.fault is None
    assert [(file.rows_in, file.rows_loaded, file.values_aside, file.notes) for file in release.files] == [
        (10, 10, 0, ())
    ] * len(TABLES)
    conserved(release, settings)


def test_home_with_odd_characters_works(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "it's a [home] * of {ours}", _env_file=None)
    folder = settings.landing_dir / str(DAY)
    folder.mkdir(parents=True)
    tables = {"header": good_tables()["header"], "cargodesc": bad_file("cargodesc__stray_quote")}
    files = tuple(land_file(folder, table, data) for table, data in tables.items())

    release = stage_releases(settings, [Landing(DAY, "landed", files, None)])[0]

    assert [file.rows_loaded for file in release.files] == [5, 3]
    assert len(list(staged_folder(settings, DAY).glob("*/*.parquet"))) == 3


@pytest.mark.parametrize("steps", range(1, 5))
def test_run_killed_while_staging_is_simply_run_again(
    settings: Settings, land: Land, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Killed before, between and behind the moves of the first release: old rows or new ones lie there, whole."""
    few = dict.fromkeys(set(TABLES) - {"header", "cargodesc"})
    stage_releases(settings, [land(few)])
    landings = [land({**few, "cargodesc": bad_file("cargodesc__stray_quote")}), land(few, day=DAY + timedelta(days=1))]
    rename, left = Path.rename, [steps]

    def killed(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            stage_releases(settings, landings)
    for day in (DAY, DAY + timedelta(days=1)):
        found = read_load(staged_folder(settings, day))
        assert found is None or {file.table: len(staged(settings, file.table, day)) for file in found.files} == {
            file.table: file.rows_loaded for file in found.files
        }

    first, second = stage_releases(settings, landings)

    conserved(first, settings)
    conserved(second, settings)
    assert len(staged(settings, "cargodesc")) == 3


def test_full_disk_is_reported(settings: Settings, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    monkeypatch.setattr(Reader, "read_batch", full)
    with pytest.raises(OSError, match=r"cannot stage below .*No space left on device.*Free some space and run again"):
        stage_releases(settings, [land()])
    assert not staged_folder(settings, DAY).exists()
    assert not (settings.staged_dir / stage.SCRATCH_NAME).exists()


def test_odd_file_among_good_ones_does_not_block_them(settings: Settings, land: Land) -> None:
    """The parser itself gives up on a file that was changed behind the survey; only that file has a fault."""
    days = [DAY + timedelta(days=n) for n in range(3)]
    landings = [land(dict.fromkeys(set(TABLES) - {"cargodesc"}), day=day) for day in days]
    survey_one = stage.survey

    def spoiled(file: LandedFile, text: Path, *args: Any, **named: Any) -> Any:
        seen = survey_one(file, text, *args, **named)
        if str(days[1]) in str(text):
            text.write_bytes(text.read_bytes().replace(b"ANTENNA", b"ANT\rENNA"))
        return seen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "survey", spoiled)
        releases = stage_releases(settings, landings)

    assert [release.fault for release in releases] == [None] * 3
    faults = [next(file.fault for file in release.files if file.table == "cargodesc") for release in releases]
    assert [fault is None for fault in faults] == [True, False, True]
    assert "please report it" in (faults[1] or "") or "cannot be parsed" in (faults[1] or "")
    assert [len(staged(settings, "cargodesc", day)) for day in days] == [5, 0, 5]
