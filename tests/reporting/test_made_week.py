"""The made weeks hold no column that a published table does not have, so that the report cannot lean on one."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml

from pipeline.settings import Settings
from tests.reporting.conftest import WEEK

PUBLISHED = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "published"


@pytest.mark.parametrize("table", ["fct_tier", "fct_leverage_snapshot", "fct_alternative", "fct_consolidation"])
def test_every_made_column_is_a_published_one(made_home: Settings, table: str) -> None:
    models = [model for path in PUBLISHED.glob("*.yml") for model in yaml.safe_load(path.read_text())["models"]]
    (model_of_table,) = [model for model in models if model["name"] == table]
    path = made_home.snapshots_dir / WEEK.text / "r1" / f"{table}.parquet"
    made = {row[0] for row in duckdb.execute(f"describe select * from '{path}'").fetchall()}
    assert made <= {column["name"] for column in model_of_table["columns"]}
