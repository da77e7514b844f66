"""Landing over HTTP: whole sets, what is not there, conditional requests, manifests."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.land import land_release, landed
from pipeline.settings import Settings

from .conftest import DAY, Waits, Web, file_name, landed_bytes, leftovers, manifest, release, settings_for, table_bytes
from .server import status, without_length


def test_release_lands_unchanged_with_its_provenance(web_settings: Settings, web: Web, waits: Waits) -> None:
    files = release()
    landing = land_release(web_settings, DAY, pace=waits.pace)
    assert (landing.outcome, landing.reason) == ("landed", None)
    assert [file.table for file in landing.files] == list(TABLES)
    there = landed_bytes(web_settings)
    entry = json.loads(there.pop("provenance.json"))["files"][0]
    assert there == files
    content = files[entry["file_name"]]
    assert entry["url"] == f"{web.url}/2026/20261102/{entry['file_name']}"
    assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert entry["etag"] == f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    assert entry["last_modified"] == web.last_modified
    assert waits.slept == []
    assert leftovers(web_settings) == []


def test_files_are_asked_for_as_they_are(web_settings: Settings, web: Web) -> None:
    land_release(web_settings, DAY)
    assert {request.headers["accept-encoding"] for request in web.requests} == {"identity"}
    assert "authorization" not in web.requests[0].headers


def test_empty_source_is_not_published(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.files.clear()
    landing = land_release(web_settings, DAY, pace=waits.pace)
    assert (landing.outcome, landing.files) == ("not_published", ())
    assert landing.reason
    assert f"{web.url}/2026/20261102" in landing.reason
    assert waits.slept == []
    assert not (web_settings.landing_dir / DAY.isoformat()).exists()


def test_optional_tables_alone_are_not_published_and_not_asked_for(web_settings: Settings, web: Web) -> None:
    for table in REQUIRED:
        del web.files[web.table(table)]
    assert land_release(web_settings, DAY).outcome == "not_published"
    assert web.asked_for("cargodesc") == []


def test_missing_required_table_is_incomplete(web_settings: Settings, web: Web) -> None:
    del web.files[web.table("shipper")]
    landing = land_release(web_settings, DAY)
    assert (landing.outcome, landing.files) == ("incomplete", ())
    assert landing.reason
    assert "shipper missing" in landing.reason
    assert landed(web_settings, DAY) is None
    web.publish({file_name("shipper"): table_bytes("shipper")})
    assert land_release(web_settings, DAY).outcome == "landed"


def test_gone_for_good_is_absent_too(web_settings: Settings, web: Web) -> None:
    web.script[web.table("hazmat")] = [status(410)]
    landing = land_release(web_settings, DAY)
    assert landing.outcome == "landed"
    assert "hazmat" not in [file.table for file in landing.files]


def test_name_without_gz_is_used_where_there_is_no_other(web_settings: Settings, web: Web) -> None:
    path = web.table("billgen")
    del web.files[path]
    web.files[path.removesuffix(".gz")] = b"identifier\n202611021\n"
    assert land_release(web_settings, DAY).files[1].file_name == file_name("billgen").removesuffix(".gz")


def test_same_again_is_unchanged_and_sends_no_body(web_settings: Settings, web: Web) -> None:
    first = land_release(web_settings, DAY)
    web.requests.clear()
    again = land_release(web_settings, DAY)
    assert (again.outcome, again.files) == ("unchanged", first.files)
    conditions = {request.headers.get("if-none-match") for request in web.requests if "ams__" in request.path}
    assert conditions == {file.etag for file in first.files}


def test_date_alone_is_condition_enough(web_settings: Settings, web: Web) -> None:
    web.etags = False
    land_release(web_settings, DAY)
    web.requests.clear()
    assert land_release(web_settings, DAY).outcome == "unchanged"
    assert web.asked_for("header")[0].headers["if-modified-since"] == web.last_modified


def test_another_server_is_not_asked_by_the_first_ones_validators(tmp_path: Path, web: Web) -> None:
    web.etags = False
    land_release(settings_for(web, tmp_path), DAY)
    new = {name: table_bytes(name.split("_")[2], mark="b") for name in release()}
    web.files.update({web.path(name).replace("/feed/", "/mirror/"): content for name, content in new.items()})
    mirror = settings_for(web, tmp_path, source_url=web.url.replace("feed", "mirror"))
    assert land_release(mirror, DAY).outcome == "landed"
    assert {name: content for name, content in landed_bytes(mirror).items() if name != "provenance.json"} == new


def test_changed_bytes_land_and_the_old_ones_are_superseded(web_settings: Settings, web: Web) -> None:
    old, new = table_bytes("header"), table_bytes("header", mark="b")
    land_release(web_settings, DAY)
    web.publish({file_name("header"): new})
    web.last_modified = "Tue, 03 Nov 2026 10:00:00 GMT"
    landing = land_release(web_settings, DAY)
    assert landing.outcome == "landed"
    assert landing.files[0].path.read_bytes() == new
    superseded = list((web_settings.landing_dir / DAY.isoformat() / "superseded").iterdir())
    assert [path.read_bytes() for path in superseded] == [old]


def test_new_validator_for_the_same_bytes_is_recorded(web_settings: Settings, web: Web) -> None:
    web.etags = False
    first = land_release(web_settings, DAY)
    web.last_modified = "Tue, 03 Nov 2026 10:00:00 GMT"
    again = land_release(web_settings, DAY)
    assert again.outcome == "unchanged"
    assert {file.last_modified for file in again.files} == {web.last_modified}
    assert [file.fetched_at for file in again.files] == [file.fetched_at for file in first.files]
    assert landed(web_settings, DAY) == type(again)(DAY, "landed", again.files, None)
    web.requests.clear()
    assert land_release(web_settings, DAY).outcome == "unchanged"
    assert web.asked_for("header")[0].headers["if-modified-since"] == web.last_modified
    assert leftovers(web_settings) == []


def test_release_withdrawn_by_the_server_stays(web_settings: Settings, web: Web) -> None:
    first = land_release(web_settings, DAY)
    web.files.clear()
    landing = land_release(web_settings, DAY)
    assert (landing.outcome, landing.files) == ("unchanged", first.files)
    assert landing.reason
    assert "no longer has the release" in landing.reason


def test_server_that_sends_no_length_is_read_to_its_end(web_settings: Settings, web: Web) -> None:
    content = table_bytes("header", rows=3000)
    web.publish({file_name("header"): content})
    web.script[web.table("header")] = [without_length]
    assert land_release(web_settings, DAY).files[0].path.read_bytes() == content


def test_manifest_is_verified_and_its_row_counts_are_recorded(web_settings: Settings, web: Web) -> None:
    web.publish({"manifest.json": manifest(release())})
    landing = land_release(web_settings, DAY)
    assert landing.outcome == "landed"
    assert {file.rows_declared for file in landing.files} == {3}
    assert len(web.asked(web.path("manifest.json"))) == 1


def test_manifest_outweighs_a_cache_that_says_not_modified(web_settings: Settings, web: Web) -> None:
    land_release(web_settings, DAY)
    new = table_bytes("header", mark="b")
    web.publish({"manifest.json": manifest({**release(), file_name("header"): new}), file_name("header"): new})
    web.etags = False  # the date is the old one, so that a conditional request would be answered 304
    landing = land_release(web_settings, DAY)
    assert landing.outcome == "landed"
    assert landing.files[0].path.read_bytes() == new


def test_file_that_the_manifest_names_and_that_is_not_there_is_waited_for(web_settings: Settings, web: Web) -> None:
    web.publish({"manifest.json": manifest(release())})
    del web.files[web.table("tariff")]
    landing = land_release(web_settings, DAY)
    assert landing.outcome == "incomplete"
    assert landing.reason
    assert f"{file_name('tariff')} is named by the manifest" in landing.reason


def test_manifest_that_is_denied_is_no_manifest(web_settings: Settings, web: Web) -> None:
    web.script[web.path("manifest.json")] = [status(403)]
    assert land_release(web_settings, DAY).outcome == "landed"


STAMPED = "%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d*.csv.gz"


def test_names_with_a_wildcard_come_from_the_manifest(tmp_path: Path, web: Web) -> None:
    stamped = {
        f"ams__{table}_2026__20261102{hour}.csv.gz": table_bytes(table, mark=hour)
        for table in TABLES
        for hour in ("0800", "1500")
    }
    web.files.clear()
    web.publish({**stamped, "manifest.json": manifest(stamped)})
    landing = land_release(settings_for(web, tmp_path, source_template=STAMPED), DAY)
    assert landing.outcome == "landed"
    assert {file.file_name for file in landing.files} == {name for name in stamped if "1500" in name}
    assert landing.reason
    assert "took the newest by name" in landing.reason


def test_names_with_a_wildcard_and_no_manifest_report_what_is_missing(tmp_path: Path, web: Web) -> None:
    landing = land_release(settings_for(web, tmp_path, source_template=STAMPED), DAY)
    assert landing.outcome == "not_published"
    assert landing.reason
    assert "no manifest.json names the files that * in LEVERAGE_SOURCE_TEMPLATE stands for" in landing.reason


def test_folder_with_a_wildcard_cannot_be_listed_over_http(tmp_path: Path, web: Web) -> None:
    landing = land_release(settings_for(web, tmp_path, source_template="%Y%m%d*/{table}.csv"), DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "cannot be listed over http" in landing.reason
    assert web.requests == []


def test_query_of_the_base_is_sent_and_never_stored(tmp_path: Path, web: Web) -> None:
    settings = settings_for(web, tmp_path, source_url=f"{web.url}/?sig=geheim")
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert {request.query for request in web.requests} == {"sig=geheim"}
    assert b"geheim" not in landed_bytes(settings)["provenance.json"]


def test_another_day_is_another_location(web_settings: Settings) -> None:
    assert land_release(web_settings, DAY).outcome == "landed"
    assert land_release(web_settings, date(2026, 11, 3)).outcome == "not_published"


@pytest.mark.parametrize("outcome", ["incomplete", "failed"])
def test_landed_release_outlives_a_fault(web_settings: Settings, web: Web, waits: Waits, outcome: str) -> None:
    first = land_release(web_settings, DAY)
    if outcome == "incomplete":
        del web.files[web.table("shipper")]
    else:
        web.script[web.table("shipper")] = [status(403)]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == outcome
    now = landed(web_settings, DAY)
    assert now is not None
    assert now.files == first.files
