"""A run processes what is new and nothing else, however days are grouped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.entities.name_variants import new_variants, unprocessed_days
from pipeline.entities.night import Resolution, decide_night, is_waiting
from pipeline.entities.processed_releases import read_processed
from pipeline.entities.registry import read_batches, read_decisions
from pipeline.settings import Settings, load_settings
from tests.dbt.world import Bill, Party, write_release
from tests.entities.decided import decision, decisions, entities, entity, entity_id

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)
POTTERY = Party("MERIDIAN POTTERY", city="FOSHAN", country="CN")


class OwnWords:
    """Every name is an entity; counts how often it was asked."""

    def __init__(self, model: str = "t1") -> None:
        self.model, self.asked = model, 0

    def __call__(self, settings: Settings, new: pa.Table) -> Resolution:
        self.asked += 1
        kinds = ("spelling_id", "party_kind", "raw_name", "raw_address", "first_run_date")
        rows = [{name: row[name] for name in kinds} for row in new.to_pylist()]
        known = set(read_decisions(settings)["entity_id"].to_pylist())
        made = {(row["raw_name"], row["party_kind"]) for row in rows}
        return Resolution(
            decisions(*(decision(row.pop("spelling_id"), row["raw_name"], **row) for row in rows)),
            entities(*(entity(name, party_kind=kind) for name, kind in made if entity_id(name, kind) not in known)),
            {},
        )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def bill(number: int, day: date, **changes: object) -> Bill:
    return Bill(int(f"{day:%Y%m%d}{number}"), shipper=POTTERY, consignee=None).but(**changes)


def test_new_variants_are_those_of_named_parties_with_the_place_of_their_first_run_date(settings: Settings) -> None:
    nameless = Party(None, city="NOWHERE")
    write_release(settings, FIRST, [bill(1, FIRST), bill(2, FIRST, shipper=nameless, notify=(Party("A"), nameless))])
    moved = Party("MERIDIAN POTTERY", city="ZIBO", country="CN")
    write_release(settings, SECOND, [bill(1, SECOND, shipper=moved)])
    found = {row["raw_name"]: row for row in new_variants(settings, [SECOND, FIRST]).to_pylist()}
    assert set(found) == {"MERIDIAN POTTERY", "A"}
    pottery = found["MERIDIAN POTTERY"]
    assert (pottery["party_kind"], pottery["city"], pottery["first_run_date"]) == ("supplier", "FOSHAN", FIRST)
    assert found["A"]["party_kind"] == "consignee"


def test_second_run_does_nothing_and_a_corrected_day_is_processed_again(settings: Settings) -> None:
    resolver = OwnWords()
    write_release(settings, FIRST, [bill(1, FIRST)])
    assert decide_night(settings, resolver).new_variants == 1
    again = decide_night(settings, resolver)
    assert (again.release_days, again.batch, again.er_version, resolver.asked) == (0, None, "t1-000001", 1)

    write_release(settings, FIRST, [bill(1, FIRST), bill(2, FIRST, consignee=Party("A"))])
    assert list(unprocessed_days(settings)) == [FIRST]
    assert decide_night(settings, resolver).new_variants == 1
    write_release(settings, SECOND, [bill(1, SECOND)])
    nothing_new = decide_night(settings, resolver)
    assert (nothing_new.new_variants, nothing_new.batch) == (0, None)
    assert not is_waiting(settings, "t1")
    assert len(read_batches(settings)) == 2


def test_kill_between_batch_and_record_duplicates_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    write_release(settings, FIRST, [bill(1, FIRST)])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.entities.night.append_processed", killed)
        with pytest.raises(KeyboardInterrupt):
            decide_night(settings, OwnWords())
    assert is_waiting(settings, "t1")
    assert decide_night(settings, OwnWords()).batch is None
    assert len(read_batches(settings)) == 1
    assert [look.batch for look in read_processed(settings)] == [1]


def test_other_overrides_or_another_model_are_processed_without_new_releases(
    settings: Settings, tmp_path: Path
) -> None:
    write_release(settings, FIRST, [bill(1, FIRST)])
    decide_night(settings, OwnWords())
    sheet = tmp_path / "overrides.csv"
    sheet.write_text("kind\n")
    with_overrides = settings.model_copy(update={"overrides": sheet})
    for changed, resolver in (
        (with_overrides, OwnWords()),
        (with_overrides, OwnWords("t2")),
        (settings, OwnWords("t2")),
    ):
        assert is_waiting(changed, resolver.model)
        decide_night(changed, resolver)
        assert resolver.asked == 1
        assert not is_waiting(changed, resolver.model)
