"""One flat table a day: the tables that it is split into, damaged identifiers, repeats and unreadable rows."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pandas
import pytest

from pipeline.ingest.formats.flat import FILLED, FLAT
from pipeline.ingest.land import land_release
from pipeline.ingest.landing.files import Landing
from pipeline.ingest.stage import stage_releases
from pipeline.settings import Settings, load_settings

from .conftest import DAY, conserved, good_tables, staged


def flattened() -> pandas.DataFrame:
    """The good tables as a feed flattens them: a row a line of cargo."""
    tables = {name: pandas.read_csv(io.BytesIO(content), dtype=str) for name, content in good_tables().items()}
    rows = tables["cargodesc"].rename(columns={"description_text": "text"})
    keys = ["identifier", "container_number", "description_sequence_number"]
    rows = rows.merge(tables["tariff"], on=keys, how="left")
    for name in ("header", "billgen"):
        rows = rows.merge(tables[name], on="identifier", how="left")
    for side in ("shipper_party", "consignee"):
        party = tables[side.removesuffix("_party")]
        lines = [f"{side}_address_{number}" for number in range(1, 5)]
        address = party[lines].fillna("").agg(" ".join, axis=1).str.strip()
        party = pandas.DataFrame(
            {
                "identifier": party["identifier"],
                f"{side}_name": party[f"{side}_name"],
                f"{side.removesuffix('_party')}_address": address,
                f"{side.removesuffix('_party')}_contact_name": "J. DOE",
            }
        )
        rows = rows.merge(party, on="identifier", how="left")
    return rows.reindex(columns=list(FLAT.columns))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "feed"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path, source: Path) -> Settings:
    return load_settings(
        home=tmp_path / "home",
        source_url=source.as_uri(),
        source_template="flat-%Y%m%d.csv",
        min_free_bytes=0,
        threads=1,
        _env_file=None,
    )


def landed(settings: Settings, source: Path, text: str) -> Landing:
    (source / f"flat-{DAY:%Y%m%d}.csv").write_text(text)
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed", landing.reason
    return landing


def test_flat_file_lands_once_and_is_every_table(settings: Settings, source: Path) -> None:
    landing = landed(settings, source, flattened().to_csv(index=False))
    assert {file.table for file in landing.files} == set(FILLED)
    assert len({file.path for file in landing.files}) == 1
    assert land_release(settings, DAY).outcome == "unchanged"


def test_flat_file_is_split_into_its_tables(settings: Settings, source: Path) -> None:
    rows = flattened()
    release = stage_releases(settings, [landed(settings, source, rows.to_csv(index=False))])[0]
    assert release.fault is None
    conserved(release, settings)
    loaded = {file.table: file.rows_loaded for file in release.files}
    assert loaded["cargodesc"] == len(rows)
    assert loaded["header"] == loaded["billgen"] == rows["identifier"].nunique()
    header = {row["identifier"]: row for row in staged(settings, "header")}
    assert header[202611020]["weight"] == 6240  # of its tariff lines: the layout has no weight of a bill
    assert header[202611022]["manifest_quantity"] == 9
    assert header[202611020]["actual_arrival_date"] == date(2026, 10, 30)
    shipper = next(row for row in staged(settings, "shipper") if row["identifier"] == 202611020)
    assert shipper["shipper_party_name"] == "TALLWILLOW COMMUNICATION TECHNOLOGY"
    assert shipper["shipper_party_address_1"].startswith("NO.8 LANTERN ROAD")
    assert "DOE" not in str([staged(settings, table) for table in FILLED])


def test_identifiers_that_were_floats_are_told_apart_by_container(settings: Settings, source: Path) -> None:
    rows = flattened()
    rows["identifier"] = "202611000000"
    release = stage_releases(settings, [landed(settings, source, rows.to_csv(index=False))])[0]
    conserved(release, settings)
    header = staged(settings, "header")
    assert len(header) == rows["container_number"].nunique()
    assert {str(row["identifier"])[:8] for row in header} == {"20261102"}


def test_exact_repeats_count_once(settings: Settings, source: Path) -> None:
    rows = flattened()
    release = stage_releases(settings, [landed(settings, source, pandas.concat([rows] * 5).to_csv(index=False))])[0]
    assert {file.table: file.rows_loaded for file in release.files}["cargodesc"] == len(rows)
    notes = next(file.notes for file in release.files if file.table == "cargodesc")
    assert f"{4 * len(rows):,} exact repeats of a row left out" in notes


def test_unreadable_rows_are_quarantined_without_contacts(settings: Settings, source: Path) -> None:
    text = flattened().to_csv(index=False)
    text += '202611029,2026-10-28,2026-11-02,"BROKEN" QUOTE,x,J. DOE,305-555-0123\n'
    text += "202611029,only,three\n"
    release = stage_releases(settings, [landed(settings, source, text)])[0]
    conserved(release, settings)
    bad = staged(settings, "quarantine")
    assert {row["reason"] for row in bad} == {"stray_quote", "too_few_columns"}
    assert "DOE" not in str(bad)


def test_another_layout_says_that_the_template_has_no_table(settings: Settings, source: Path) -> None:
    landing = landed(settings, source, good_tables()["header"].decode())
    release = stage_releases(settings, [landing])[0]
    assert release.fault
    assert "A template without {table} names files of the flat layout" in release.fault


def test_day_without_its_file_is_not_published(settings: Settings) -> None:
    landing = land_release(settings, DAY)
    assert (landing.outcome, "no flat-20261102.csv is in" in str(landing.reason)) == ("not_published", True)
