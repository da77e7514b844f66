"""The registry stores every decision in whole batches and reports damage."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.entities import registry
from pipeline.entities.processed_releases import ProcessedReleases, append_processed, processed_versions, read_processed
from pipeline.entities.registry import Batch, RegistryError, read_batches, read_decisions, write_batch
from pipeline.settings import Settings, load_settings
from pipeline.state.party_batches import batches_dir
from tests.entities.decided import NIGHT, decision, decisions, entities, entity, entity_id
from tests.entities.registered import read_entities

OLD, YOUNG = entity_id("ALPHA MILLS"), entity_id("ALPHA MILLS LTD")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def written(settings: Settings, *rows: dict[str, Any], model: str = "m1") -> Batch | None:
    """A batch of decisions and entities, distinguished by their keys."""
    return write_batch(
        settings,
        decisions(*(row for row in rows if "spelling_id" in row)),
        entities(*(row for row in rows if "spelling_id" not in row)),
        model=model,
        release_days={NIGHT: "v1"},
    )


def two_firms(settings: Settings) -> None:
    written(
        settings,
        decision(1, "ALPHA MILLS"),
        decision(2, "ALPHA MILLS LTD"),
        entity("ALPHA MILLS"),
        entity("ALPHA MILLS LTD"),
    )


def merged(settings: Settings) -> None:
    written(
        settings,
        decision(2, "ALPHA MILLS LTD", entity_id=OLD, method="score", score=0.97),
        entity("ALPHA MILLS LTD", status="merged", merged_into=OLD),
    )


def test_the_newest_row_counts_and_older_versions_stay_readable(settings: Settings) -> None:
    two_firms(settings)
    merged(settings)
    written(settings, decision(3, "BETA WORKS", first_run_date=date(2026, 3, 9)), entity("BETA WORKS"))
    assert read_decisions(settings)["entity_id"].to_pylist() == [OLD, OLD, entity_id("BETA WORKS")]
    then = read_decisions(settings, as_of=1)
    assert then["entity_id"].to_pylist() == [OLD, YOUNG, entity_id("BETA WORKS")], "later spellings as first decided"
    assert then["er_version"].to_pylist() == ["m1-000001", "m1-000001", "m1-000003"]
    status = dict(zip(*(read_entities(settings)[name].to_pylist() for name in ("entity_id", "status")), strict=True))
    assert status[YOUNG] == "merged"
    assert registry.batch_number(settings, "m1-000002") == 2
    with pytest.raises(RegistryError, match="m1-000001 to m1-000003"):
        registry.batch_number(settings, "m1-000009")


def test_batch_contains_no_clock_time(settings: Settings) -> None:
    two_firms(settings)
    merged(settings)
    first, second = read_batches(settings)
    assert (first.decided_at, second.decided_at) == (NIGHT, NIGHT)
    assert first.release_days == {NIGHT: "v1"}
    assert {str(when) for when in read_decisions(settings)["decided_at"].to_pylist()} == {f"{NIGHT} 00:00:00"}


def test_a_batch_that_changes_nothing_is_not_written(settings: Settings) -> None:
    assert written(settings) is None
    assert read_batches(settings) == []
    assert read_decisions(settings).num_rows == read_entities(settings).num_rows == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([decision(1, "A"), decision(1, "A"), entity("A")], "decided once"),
        ([decision(1, "A", score=2.0), entity("A")], "decision is complete"),
        ([decision(1, "A", role="none"), entity("A")], "without a name"),
        ([decision(1, "-- .", clean_name="A"), entity("-- .")], "without a name"),
        ([decision(1, "A", clean_name=""), entity("A")], "without a name"),
        ([decision(1, "A", is_order=True, role="bank"), entity("A")], "order to a bank"),
        ([decision(1, "A", entity_id=None)], "each named party"),
        ([entity("A"), entity("A")], "each entity has one row"),
        ([entity("A", entity_name=" ")], "entity is complete"),
        ([entity("A", entity_id="sup_1")], "entity is complete"),
        ([entity("A", status="merged")], "only a merged entity names"),
        ([entity("A", status="merged", merged_into=entity_id("B"))], "merged into a live one"),
        ([decision(1, "A")], "live and of its kind"),
        ([decision(1, "A", entity_id=entity_id("A", "consignee")), entity("A", party_kind="consignee")], "of its kind"),
    ],
)
def test_a_batch_that_breaks_a_rule_is_refused_whole(
    settings: Settings, rows: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(RegistryError, match=message):
        written(settings, *rows)
    assert read_batches(settings) == []


def test_batch_that_leaves_a_variant_with_a_merged_entity_is_refused(settings: Settings) -> None:
    two_firms(settings)
    with pytest.raises(RegistryError, match=r"no longer live: broken by 2"):
        written(settings, entity("ALPHA MILLS LTD", status="merged", merged_into=OLD))


def test_kill_before_the_rename_leaves_no_batch_and_the_next_one_succeeds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_firms(settings)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            merged(settings)
    assert len(read_batches(settings, checksums=True)) == 1
    merged(settings)
    assert read_batches(settings, checksums=True)[-1].er_version == "m1-000002"


def test_damage_is_reported_with_the_file_and_the_remedy(settings: Settings) -> None:
    two_firms(settings)
    merged(settings)
    first = batches_dir(settings) / "batch=000001"
    kept = (first / "decisions.parquet").read_bytes()
    (first / "decisions.parquet").write_bytes(kept[:-1])
    with pytest.raises(RegistryError, match=r"decisions\.parquet is not as it was written.*backup"):
        read_batches(settings)
    (first / "decisions.parquet").write_bytes(kept[:-1] + b"?")
    read_batches(settings)
    with pytest.raises(RegistryError, match=r"decisions\.parquet is not as it was written \(another checksum\)"):
        read_batches(settings, checksums=True)
    (first / "decisions.parquet").unlink()
    with pytest.raises(RegistryError, match=r"decisions\.parquet is missing"):
        read_batches(settings)
    (first / "decisions.parquet").write_bytes(kept)
    (first / "batch.json").write_bytes(b"{")
    with pytest.raises(RegistryError, match=r"batch\.json cannot be read"):
        read_batches(settings)
    first.rename(first.parent / "away")
    with pytest.raises(RegistryError, match=r"batch=000001 is missing"):
        read_batches(settings)


def test_further_tables_of_the_resolver_are_stored_with_the_batch(settings: Settings) -> None:
    pairs = pa.table({"one": [1], "other": [2], "score": [0.5]})
    write_batch(
        settings,
        decisions(decision(1, "A")),
        entities(entity("A")),
        model="m1",
        release_days={},
        others={"pairs": pairs},
    )
    assert read_batches(settings, checksums=True)[0].files["pairs"]["rows"] == 1


def test_records_of_processed_releases_survive_a_torn_line(settings: Settings) -> None:
    append_processed(settings, ProcessedReleases({NIGHT: "v1"}, "m1", None, 0))
    with (batches_dir(settings) / "looks.jsonl").open("ab") as journal:
        journal.write(b'{"release_days": {"2026-03-0')
    append_processed(settings, ProcessedReleases({NIGHT: "v2"}, "m1", "abc", 0))
    looks = read_processed(settings)
    assert [look.overrides_sha256 for look in looks] == [None, "abc"]
    assert processed_versions(looks) == {NIGHT: "v2"}


def test_record_of_a_missing_batch_is_an_error(settings: Settings) -> None:
    append_processed(settings, ProcessedReleases({NIGHT: "v1"}, "m1", None, 2))
    with pytest.raises(RegistryError, match="lacks batch 2"):
        read_processed(settings)
