"""Decisions on parties in whole nights: built in the night that makes them, as of a batch when asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pipeline.entities.registry import RegistryError, read_batches
from pipeline.progress import Progress
from pipeline.runs.upkeep import rebuild_warehouse
from pipeline.settings import Settings
from pipeline.state.party_batches import batches_dir
from pipeline.warehouse.pending import pending_batches, pending_days
from tests.marts import assert_same_marts, mart_rows
from tests.nightly.conftest import FIRST, run_days

SECOND = FIRST + timedelta(days=1)


@pytest.mark.full
def test_a_rebuild_as_of_a_batch_leaves_the_later_ones_to_the_next_night(
    loaded_home: Callable[..., Settings],
) -> None:
    settings = loaded_home(FIRST)
    assert run_days(settings, SECOND).success
    newest = mart_rows(settings, stamps=True)
    first, second = read_batches(settings)
    with pytest.raises(RegistryError, match=second.er_version):
        rebuild_warehouse(settings, progress=Progress(), er_version="m9-000009")
    assert pending_days(settings) == []

    assert rebuild_warehouse(settings, progress=Progress(), er_version=first.er_version).success
    assert (pending_days(settings), pending_batches(settings)) == ([], [second.number])
    # the source has nothing new, the decisions alone are work
    assert run_days(settings, SECOND).success
    assert pending_batches(settings) == []
    assert_same_marts(mart_rows(settings, stamps=True), newest)


def test_a_damaged_registry_stops_the_night_before_the_warehouse(
    loaded_home: Callable[..., Settings],
) -> None:
    settings = loaded_home(FIRST)
    before = mart_rows(settings)
    path = batches_dir(settings) / "batch=000001" / "entities.parquet"
    path.write_bytes(b"PAR1" + bytes(path.stat().st_size - 8) + b"PAR1")
    report = run_days(settings, SECOND)
    assert not report.success
    assert "entities.parquet is not as it was written" in report.faults[0]
    assert mart_rows(settings) == before


@pytest.mark.full
def test_a_rebuild_moves_a_damaged_registry_aside_and_decides_again(loaded_home: Callable[..., Settings]) -> None:
    settings = loaded_home(FIRST)
    before = mart_rows(settings)
    (batches_dir(settings) / "batch=000001" / "decisions.parquet").write_bytes(b"PAR1")
    assert rebuild_warehouse(settings, progress=Progress()).success
    assert settings.state_dir.joinpath("parties.damaged-1").is_dir()
    assert read_batches(settings, checksums=True)
    assert_same_marts(mart_rows(settings), before)
