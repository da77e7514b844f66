"""Calling dbt: its environment, and the messages of its faults."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline.settings import load_settings
from pipeline.warehouse.dbt_arguments import DbtPaths, build_arguments
from pipeline.warehouse.dbt_runner import DbtError, engine_limits, explain, run_dbt

PROJECT = """
name: small
version: "1.0.0"
profile: small
"""
PROFILE = """
small:
  target: warehouse
  outputs:
    warehouse:
      type: duckdb
      path: "{{ env_var('LEVERAGE_HOME') }}/warehouse.duckdb"
      settings: {threads: "{{ env_var('LEVERAGE_THREADS') }}", memory_limit: "{{ env_var('LEVERAGE_MEMORY_LIMIT') }}"}
"""
LIMITS = "select current_setting('threads') as threads, current_setting('memory_limit') as memory_limit"


def small_project(folder: Path, model: str) -> list[str]:
    """A dbt project of one table, and the call that builds it."""
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models" / "limits.sql").write_text("{{ config(materialized='table') }}\n" + model)
    return build_arguments(DbtPaths(folder, folder / "target", folder / "logs"), exclude=())


def result(name: str, status: str, message: str) -> Any:
    return SimpleNamespace(node=SimpleNamespace(resource_type="model", name=name), status=status, message=message)


def test_a_build_keeps_to_the_limits_and_leaves_no_trace_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVERAGE_THREADS", "7")
    settings = load_settings(home=tmp_path, threads=1, memory_limit="700MiB")
    run_dbt(settings, small_project(tmp_path / "project", LIMITS))
    # the file opens here: no handle of dbt's is left
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        assert connection.execute("from limits").fetchall() == [(1, "700.0 MiB")]
    assert os.environ["LEVERAGE_THREADS"] == "7"
    assert "LEVERAGE_MEMORY_LIMIT" not in os.environ


def test_without_settings_the_engine_chooses_its_limits(tmp_path: Path) -> None:
    threads, memory = engine_limits(load_settings(home=tmp_path))
    assert int(threads) >= 1
    assert memory.endswith("iB")


def test_a_failing_model_is_named_with_its_fault(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, threads=1)
    arguments = small_project(tmp_path / "project", "select cast('x' as integer) as number")
    with pytest.raises(DbtError, match=r"dbt build failed at model limits: .*Could not convert string 'x'") as error:
        run_dbt(settings, arguments)
    assert [str(node.status) for node in error.value.results] == ["error"]


def test_message_has_faults_on_one_line_and_counts_the_rest() -> None:
    answer = SimpleNamespace(
        results=[result("good", "success", "OK"), *(result(f"m{n}", "error", "line one\n  line two") for n in range(7))]
    )
    message = explain("build", answer, None)
    assert message.startswith("dbt build failed at model m0: line one line two; model m1:")
    assert message.endswith("; and 2 more")
    assert "good" not in message


def test_a_damaged_file_sends_to_the_command_that_names_it(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.parquet"
    damaged.write_bytes(b"PAR1 and no more")
    arguments = small_project(tmp_path / "project", f"select * from read_parquet('{damaged}')")
    with pytest.raises(DbtError, match=r"model limits: .*damaged\.parquet.*`leverage doctor` names"):
        run_dbt(load_settings(home=tmp_path, threads=1), arguments)


def test_message_says_what_stopped_dbt_before_any_node() -> None:
    assert explain("parse", None, ValueError("no\nproject")) == "dbt parse stopped: no project"
    assert explain("parse", None, None) == "dbt parse stopped: no reason given"
