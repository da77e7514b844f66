from pathlib import Path

import dagster as dg
import pytest

from pipeline.defs.inbox import definitions
from pipeline.defs.resources import resources
from pipeline.ingest.exports import inbox
from pipeline.settings import load_settings


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "SETTLED_S", 0)


def sensor_of(home: Path, folder: Path | None) -> dg.SensorDefinition:
    [made] = definitions(load_settings(home=home, inbox=folder)).sensors or ()
    assert isinstance(made, dg.SensorDefinition)
    return made


def keys(sensor: dg.SensorDefinition) -> list[str | None]:
    with dg.DagsterInstance.ephemeral() as instance:
        found = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
    return [request.run_key for request in found.run_requests or ()]


def test_a_file_in_the_inbox_starts_one_import_and_a_changed_one_another(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    sensor = sensor_of(tmp_path / "home", folder)
    assert keys(sensor) == []
    (folder / "a.csv").write_text("x")
    first = keys(sensor)
    assert len(first) == 1
    assert keys(sensor) == first
    (folder / "a.csv").write_text("other")
    assert keys(sensor) != first


def test_the_sensor_runs_by_default_only_where_an_inbox_is_set(tmp_path: Path) -> None:
    assert sensor_of(tmp_path, tmp_path).default_status == dg.DefaultSensorStatus.RUNNING
    without = sensor_of(tmp_path, None)
    assert without.default_status == dg.DefaultSensorStatus.STOPPED
    assert keys(without) == []


def test_the_job_moves_a_refused_file_aside_and_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"")
    settings = load_settings(home=tmp_path / "home", inbox=folder)
    made = dg.Definitions.merge(definitions(settings), dg.Definitions(resources=resources(settings)))
    made.resolve_job_def("import_inbox").execute_in_process(raise_on_error=False)
    assert "is empty" in (folder / "refused" / "a.csv.reason.txt").read_text()
